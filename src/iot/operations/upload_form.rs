//! The permission to upload one file.

use secrecy::SecretString;

use crate::iot::{Node, Unreadable};

/// What an upload needs: within a minute, a `POST` of `multipart/form-data` to `host` with the fields `key`, `policy`,
/// `OSSAccessKeyId`, `signature`, `success_action_status` (200) and, last, `file`.
///
/// Whoever has policy and signature may upload in the owner's name, so neither is shown in the debug form.
#[derive(Clone, Debug)]
pub struct UploadForm {
    /// The path of the file.
    pub key: String,
    /// Where the file goes, such as `https://iotx-ota.oss-cn-shanghai.aliyuncs.com`.
    pub host: String,
    /// What is permitted, in Base64.
    pub policy: SecretString,
    /// The id of the key that signed it: the storage's owner's, not the caller's.
    pub access_key_id: String,
    /// The signature of the policy.
    pub signature: SecretString,
    /// Where the file is afterwards, for the operation that uses it.
    pub file_url: String,
    /// The kind of storage: `OSS`.
    pub object_storage: Option<String>,
    /// When the form was made, in UTC, such as `2019-11-04T06:21:54.607Z`.
    pub utc_create: Option<String>,
}

impl UploadForm {
    /// Two members have a name of their own in each operation.
    pub(super) fn read(answer: &Node, access_key_id: &str, file_url: &str) -> Result<Self, Unreadable> {
        let data = answer.object("Data")?.ok_or_else(|| Unreadable::missing("Data"))?;
        let needed = |name: &str| data.text(name)?.ok_or_else(|| Unreadable::missing(name));
        Ok(Self {
            key: needed("Key")?,
            host: needed("Host")?,
            policy: needed("Policy")?.into(),
            access_key_id: needed(access_key_id)?,
            signature: needed("Signature")?.into(),
            file_url: needed(file_url)?,
            object_storage: data.text("ObjectStorage")?,
            utc_create: data.text("UtcCreate")?,
        })
    }
}
