//! Sends to an emulator, and takes answers in either format.

use secrecy::ExposeSecret as _;
use serde_json::json;
use testkit::{AccessKey, Emulator};

use super::PRODUCT;
use crate::iot::operations::UploadForm;
use crate::iot::sign::{signature, string_to_sign, timestamp};
use crate::iot::tests::{ACCESS_KEY_ID, SECRET, TOKEN, credentials};
use crate::iot::transport::{Reach, Transport, http};
use crate::iot::{Endpoint, Error, Operation, Parameters, Timeouts, encode, read_answer};

/// Sends as [`Client`](crate::iot::Client) does, but asks for answers in a format of choice.
pub(super) struct Caller {
    pub(super) emulator: Emulator,
    transport: Transport,
    format: &'static str,
}

impl Caller {
    pub(super) fn start(format: &'static str) -> Self {
        let device = |name: &str| json!({"product_key": PRODUCT, "device_name": name, "version": "1.0.0", "modules": {"mcu": "0.9"}});
        let options = testkit::Options {
            fixtures: json!({"devices": [device("d1"), device("d2"), device("d3")]}),
            flags: vec!["--edition", "extended", "--qps-scale", "0", "--time-scale", "0"],
        };
        let key = AccessKey {
            id: ACCESS_KEY_ID.to_owned(),
            secret: SECRET.to_owned(),
            security_token: Some(TOKEN.to_owned()),
        };
        let emulator = Emulator::start_with(&options, &key).unwrap();
        let endpoint = Endpoint::parse(emulator.url()).unwrap();
        let transport = Transport::new(endpoint, "example/1.0", Timeouts::default()).unwrap();
        Self { emulator, transport, format }
    }

    pub(super) async fn call<O: Operation>(&self, operation: &O) -> O::Answer {
        self.attempt(operation).await.unwrap_or_else(|error| panic!("{} in {}: {error}", O::ACTION, self.format))
    }

    pub(super) async fn attempt<O: Operation>(&self, operation: &O) -> Result<O::Answer, Error> {
        let mut parameters = Parameters::default();
        operation.parameters(&mut parameters);
        for (name, value) in [
            ("Action", O::ACTION),
            ("Version", "2018-01-20"),
            ("Format", self.format),
            ("RegionId", "cn-shanghai"),
            ("AccessKeyId", ACCESS_KEY_ID),
            ("SecurityToken", TOKEN),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", &uuid::Uuid::new_v4().to_string()),
            ("Timestamp", &timestamp(time::OffsetDateTime::now_utc())),
        ] {
            parameters.text(name, value);
        }
        let query = encode::canonical_query(&parameters);
        let signature = signature(SECRET, &string_to_sign(O::METHOD.name(), &query));
        let form = format!("{query}&Signature={}", encode::percent_encode(&signature));
        let raw = self.transport.send(O::METHOD, form).await.unwrap();
        let is_xml = raw.body.starts_with(b"<");
        assert_eq!(is_xml, self.format == "XML", "{}: {}", O::ACTION, String::from_utf8_lossy(&raw.body));
        read_answer::<O>(raw.status, raw.body, &credentials()).map(|answer| answer.data)
    }

    /// Uploads as an HTML form would.
    pub(super) async fn upload(&self, form: &UploadForm, content: &str) {
        let (policy, signature) = (form.policy.expose_secret(), form.signature.expose_secret());
        let fields = [
            ("key", form.key.as_str()),
            ("policy", policy),
            ("OSSAccessKeyId", &form.access_key_id),
            ("signature", signature),
            ("success_action_status", "200"),
        ];
        let part =
            |head: String, value: &str| format!("--part\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n");
        let mut body: String = fields.iter().map(|(name, value)| part(format!("name=\"{name}\""), value)).collect();
        body += &part("name=\"file\"; filename=\"file\"".to_owned(), content);
        body += "--part--\r\n";
        let http = http(Reach::Direct, "example/1.0", Timeouts::default()).unwrap();
        let request = http.post(&form.host).header("Content-Type", "multipart/form-data; boundary=part").body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{}", response.text().await.unwrap());
    }
}
