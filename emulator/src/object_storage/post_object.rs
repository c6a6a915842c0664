//! PostObject: the upload as an HTML form would send it.

use std::sync::Arc;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, ETAG, HOST, HeaderMap};
use axum::response::{IntoResponse as _, Response};
use md5::{Digest, Md5};

use super::policy::Fields;
use super::unread::Unread;
use super::{Purpose, StoredObject};
use crate::answer::{Format, Object};
use crate::emulator::Emulator;
use crate::hexadecimal::hexadecimal;
use crate::server;

/// Most fields before the file.
const MOST_FIELDS: usize = 50;
/// Most bytes of a field before the file.
const LARGEST_FIELD: usize = 16 * 1024;

/// Why an upload is not stored.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Answered with an error object.
    Answer {
        /// Status of the answer.
        status: StatusCode,
        /// The storage's code.
        code: &'static str,
        /// What is wrong.
        message: String,
    },
    /// The client went away, or took too long.
    Incomplete,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self::Answer { status, code, message: message.into() }
    }

    fn malformed() -> Self {
        let message = "The body of your POST request is not well-formed multipart/form-data.";
        Self::new(StatusCode::BAD_REQUEST, "MalformedPOSTRequest", message)
    }
}

impl From<MultipartError> for Refusal {
    fn from(_: MultipartError) -> Self {
        Self::malformed()
    }
}

/// Takes an upload, or says why not in the storage's own XML.
pub(crate) async fn post_object(
    State(emulator): State<Arc<Emulator>>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let unread = Unread::default();
    let stored = match Multipart::from_request(request.map(|body| unread.bounds(body)), &()).await {
        Ok(form) => store(&emulator, form, &unread).await,
        Err(_) => Err(Refusal::malformed()),
    };
    let request_id = emulator.world().randomness.request_id();
    let mut answer = match stored {
        Ok((status, tag)) => (status, [(ETAG, format!("\"{tag}\""))]).into_response(),
        Err(Refusal::Incomplete) => return server::dropped(),
        Err(Refusal::Answer { status, code, message }) => {
            let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
            let error = Object::new()
                .with("Code", code)
                .with("Message", message)
                .with("RequestId", &request_id)
                .with("HostId", host);
            (status, [(CONTENT_TYPE, "application/xml")], Format::Xml.render("Error", &error)).into_response()
        }
    };
    if let Ok(value) = request_id.parse() {
        answer.headers_mut().insert("x-oss-request-id", value);
    }
    answer
}

/// Status and MD5 of what was stored.
async fn store(emulator: &Emulator, mut form: Multipart, unread: &Unread) -> Result<(StatusCode, String), Refusal> {
    let mut fields = Fields::default();
    let mut status = StatusCode::NO_CONTENT;
    for _ in 0..MOST_FIELDS {
        let Some(field) = unread.next(form.next_field()).await? else {
            let message = "The field file is absent; it has to be the last one.";
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "InvalidArgument", message));
        };
        match field.name().unwrap_or_default() {
            "file" => {
                let md5 = store_file(emulator, field, unread, fields).await?;
                return Ok((status, md5));
            }
            "key" => fields.key = text(field, unread).await?,
            "policy" => fields.policy = text(field, unread).await?,
            "OSSAccessKeyId" => fields.owner_id = text(field, unread).await?,
            // The documents of the storage write it with a capital letter, those of the IoT service with a small one.
            "signature" | "Signature" => fields.signature = text(field, unread).await?,
            "success_action_status" => {
                let asked = text(field, unread).await?;
                status = if asked.trim() == "200" { StatusCode::OK } else { StatusCode::NO_CONTENT };
            }
            _ => {
                text(field, unread).await?;
            }
        }
    }
    Err(Refusal::malformed())
}

async fn text(mut field: Field<'_>, unread: &Unread) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = unread.next(field.chunk()).await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST_FIELD {
            let message = format!("A form field has at most {LARGEST_FIELD} bytes.");
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "FieldItemTooLong", message));
        }
    }
    String::from_utf8(bytes).map_err(|_| Refusal::malformed())
}

/// Stores the file as it arrives; the permission has to be good when it begins.
async fn store_file(
    emulator: &Emulator,
    mut field: Field<'_>,
    unread: &Unread,
    fields: Fields,
) -> Result<String, Refusal> {
    let (purpose, uploaded) = {
        let world = emulator.world();
        let now = world.clock.now();
        (world.object_storage.permitted(&fields, now)?, now)
    };
    let (mut size, mut hash, mut content) = (0, Md5::new(), Vec::new());
    while let Some(chunk) = unread.next(field.chunk()).await? {
        size += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if size > purpose.largest_file() {
            let message = "Your proposed upload exceeds the maximum allowed size.";
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "EntityTooLarge", message));
        }
        hash.update(&chunk);
        if purpose == Purpose::DeviceNames {
            content.extend_from_slice(&chunk);
        }
    }
    let md5 = hexadecimal(&hash.finalize());
    let content = (purpose == Purpose::DeviceNames).then_some(content);
    let object = StoredObject { size, md5: md5.clone(), content, uploaded };
    let stored = emulator.world().store_object(fields.key, object);
    stored.map_err(|reason| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalError", reason))?;
    Ok(md5)
}
