//! Tags of a job, which the service delivers to the devices with the update.

use crate::iot::{Node, Parameters, Unreadable};

/// A tag of a job.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag {
    /// Letters, digits and dots.
    pub key: String,
    /// Any text.
    pub value: String,
}

impl Tag {
    /// Sends tags as `Tag.1.Key`, `Tag.1.Value` and so on.
    pub(super) fn write_all(tags: &[Self], name: &str, parameters: &mut Parameters) {
        for (tag, number) in tags.iter().zip(1..) {
            parameters.text(format!("{name}.{number}.Key"), &tag.key);
            parameters.text(format!("{name}.{number}.Value"), &tag.value);
        }
    }

    /// The tags of a job or of its summary; none if the answer does not speak of tags.
    pub(super) fn read_all(job: &Node) -> Result<Option<Vec<Self>>, Unreadable> {
        job.objects("Tags", "OtaTagDTO", |tag| {
            Ok(Self {
                key: tag.text("Key")?.ok_or_else(|| Unreadable::missing("Key of a tag"))?,
                value: tag.text("Value")?.unwrap_or_default(),
            })
        })
    }
}
