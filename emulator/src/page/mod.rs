//! The page at `/_emulator/` for people: what exists, how rollouts go, what was called, and buttons for clock and faults.
//!
//! `view` is what it shows, made of the world; `chart` the drawing in it; `guard` who may ask for it. The rest is in
//! `templates/page.html`, and in a style sheet and a script beside this file, which are part of the program.

mod chart;
mod guard;
mod view;

use std::sync::Arc;

use askama::Template as _;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Redirect, Response};

pub(crate) use guard::{Names, no_other_site, own_site_only};

use crate::control;
use crate::emulator::Emulator;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Nothing but the page's own style and script: what callers put into parameters cannot become more than text.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) async fn page(State(emulator): State<Arc<Emulator>>) -> Response {
    // The lock is held for no longer than it takes to copy what is shown.
    let page = view::Page::of(&emulator);
    match page.render() {
        Ok(html) => document("text/html; charset=utf-8", html),
        Err(error) => control::error(StatusCode::INTERNAL_SERVER_ERROR, &format!("the page: {error}")).into_response(),
    }
}

pub(crate) async fn style() -> Response {
    document("text/css; charset=utf-8", STYLE)
}

pub(crate) async fn script() -> Response {
    document("text/javascript; charset=utf-8", SCRIPT)
}

/// People leave the last slash out.
pub(crate) async fn elsewhere() -> Redirect {
    Redirect::permanent("/_emulator/")
}

fn document(content_type: &'static str, body: impl IntoResponse) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}
