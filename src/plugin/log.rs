//! Log lines in the form that Terraform reads: one JSON object a line on stderr, in hclog's keys.
//!
//! Only this package's own events are shown. The libraries below it log requests and headers whole,
//! and those hold secrets.

use std::fmt;
use std::io::Write as _;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

use super::env;

/// The only form of a time that the host recognises: six digits of fraction.
const TIMESTAMP: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// Where this package's modules live, which is what an event's target begins with.
const OWN_TARGETS: &str = env!("CARGO_CRATE_NAME");

/// Starts logging at the level that the environment asks for; with none asked for, nothing is logged.
///
/// `provider` is the last part of the provider's source address.
pub(super) fn start(provider: &str) {
    let level = level(provider, env::text);
    if level == LevelFilter::OFF {
        return;
    }
    // Fails only if a subscriber is set already, as in a test that runs the server in process.
    let own = Targets::new().with_target(OWN_TARGETS, level);
    let _ = tracing::subscriber::set_global_default(Registry::default().with(HclogLayer.with_filter(own)));
}

/// What is worth formatting: Terraform drops what `TF_LOG_PROVIDER` or else `TF_LOG` do not ask for,
/// and `TF_LOG_PROVIDER_<NAME>` can narrow that for one provider.
fn level(provider: &str, variable: impl Fn(&str) -> Option<String>) -> LevelFilter {
    let wanted = variable(env::LOG_PROVIDER).or_else(|| variable(env::LOG));
    let own = format!("{}_{}", env::LOG_PROVIDER, provider.to_uppercase().replace('-', "_"));
    match (wanted, variable(&own)) {
        (None, _) => LevelFilter::OFF,
        (Some(wanted), None) => named(&wanted),
        (Some(wanted), Some(own)) => named(&wanted).min(named(&own)),
    }
}

/// Unknown words, and `JSON`, mean everything, as in Terraform.
fn named(level: &str) -> LevelFilter {
    match level.to_ascii_uppercase().as_str() {
        "OFF" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "INFO" => LevelFilter::INFO,
        "DEBUG" => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}

struct HclogLayer;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for HclogLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut line = Fields::default();
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(fields) = span.extensions().get::<Fields>() {
                line.0.extend(fields.0.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
        }
        event.record(&mut line);
        let metadata = event.metadata();
        line.0.insert("@level".to_owned(), level_name(*metadata.level()).into());
        line.0.insert("@module".to_owned(), module(metadata.target()).into());
        line.0.insert("@timestamp".to_owned(), timestamp(OffsetDateTime::now_utc()).into());
        write_line(Value::Object(line.0));
    }
}

/// The host closes the pipe when it dies, and `eprintln!` would panic then.
fn write_line(line: Value) {
    let mut bytes = line.to_string().into_bytes();
    bytes.push(b'\n');
    let _ = std::io::stderr().lock().write_all(&bytes);
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

fn module(target: &str) -> String {
    let inner = target.strip_prefix(OWN_TARGETS).unwrap_or(target);
    format!("provider{}", inner.replace("::", "."))
}

fn timestamp(at: OffsetDateTime) -> String {
    // Formatting digits into a text cannot fail; without a time the host would show the line raw.
    at.format(TIMESTAMP).unwrap_or_default()
}

/// An event's or a span's fields as JSON. The host panics on a message that is not text.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn insert(&mut self, field: &Field, value: Value) {
        let key = if field.name() == "message" { "@message" } else { field.name() };
        self.0.insert(key.to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.insert(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.insert(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field, value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level_of(variables: &[(&str, &str)]) -> LevelFilter {
        level("example-name", |name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn level_follows_terraforms_variables() {
        assert_eq!(level_of(&[]), LevelFilter::OFF);
        assert_eq!(level_of(&[("TF_LOG", "info")]), LevelFilter::INFO);
        assert_eq!(level_of(&[("TF_LOG", "JSON")]), LevelFilter::TRACE);
        assert_eq!(level_of(&[("TF_LOG", "ERROR"), ("TF_LOG_PROVIDER", "DEBUG")]), LevelFilter::DEBUG);
        assert_eq!(level_of(&[("TF_LOG_PROVIDER_EXAMPLE_NAME", "TRACE")]), LevelFilter::OFF);
        let narrowed = [("TF_LOG", "TRACE"), ("TF_LOG_PROVIDER_EXAMPLE_NAME", "WARN")];
        assert_eq!(level_of(&narrowed), LevelFilter::WARN);
    }

    #[test]
    fn timestamp_has_six_fraction_digits() {
        let at = OffsetDateTime::from_unix_timestamp_nanos(1_767_323_045_000_001_000).unwrap();
        assert_eq!(timestamp(at), "2026-01-02T03:04:05.000001Z");
    }
}
