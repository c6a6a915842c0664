//! What can be said of a configuration without asking the service.
//!
//! Every rule looks at the values that it needs and keeps silent while one of them is unknown; all
//! rules are asked, so that a user sees every problem at once.

use std::collections::HashMap;
use std::fmt::Display;

use tf_provider::value::Value;
use tf_provider::{Diagnostic, Diagnostics};

use super::choice::{Choice as _, OnDestroy, OnExternalCancel};
use super::model::{OtaDynamicJobModel, known, whole};
use super::work::Work;
use crate::plugin::convert::Number;
use crate::provider::diagnostics::validation as text;
use crate::provider::limits::{self, Edition, Verdict};
use crate::provider::timeouts;

/// All problems of a configuration.
pub(super) fn validate(config: &OtaDynamicJobModel, edition: Edition) -> Diagnostics {
    let mut found = Findings { edition, diagnostics: Diagnostics::default() };
    found.ids(config);
    found.src_versions(config);
    found.tags(config);
    found.retry(config);
    found.pace(config);
    found.modes(config);
    found.selection(config);
    found.timeouts(config);
    found.diagnostics
}

struct Findings {
    edition: Edition,
    diagnostics: Diagnostics,
}

impl Findings {
    fn error(&mut self, error: Diagnostic) {
        self.diagnostics.errors.push(error);
    }

    fn warning(&mut self, warning: Diagnostic) {
        self.diagnostics.warnings.push(warning);
    }

    /// For limits that the newer edition brought: an error where it counts, else a warning.
    fn newer(&mut self, verdict: Verdict, text: impl Fn(bool) -> Diagnostic) {
        match verdict {
            Verdict::Accepted => {}
            Verdict::AcceptedByReferenceOnly => self.warning(text(false)),
            Verdict::AcceptedByExtendedOnly | Verdict::Refused => self.error(text(true)),
        }
    }

    fn ids(&mut self, config: &OtaDynamicJobModel) {
        let ids = [
            ("firmware_id", &config.firmware_id),
            ("product_key", &config.product_key),
            ("iot_instance_id", &config.iot_instance_id),
            ("group_id", &config.group_id),
        ];
        for (attribute, value) in ids {
            if matches!(value, Value::Value(text) if text.is_empty()) {
                self.error(text::empty(attribute));
            }
        }
        if let Value::Value(instance) = &config.iot_instance_id
            && !limits::fits_resource_id(instance)
        {
            self.error(text::slash_in_instance_id(instance));
        }
    }

    fn src_versions(&mut self, config: &OtaDynamicJobModel) {
        let Value::Value(versions) = &config.src_versions else { return };
        if versions.is_empty() {
            self.error(text::no_src_versions());
        }
        if versions.len() > limits::SRC_VERSION_COUNT {
            self.error(text::too_many_src_versions(versions.len()));
        }
        let mut first_positions = HashMap::new();
        for (index, version) in versions.iter().enumerate() {
            match version {
                Value::Unknown => {}
                Value::Null => self.error(text::empty_src_version(index)),
                Value::Value(version) if version.is_empty() => self.error(text::empty_src_version(index)),
                Value::Value(version) => {
                    let first = *first_positions.entry(version).or_insert(index);
                    if first != index {
                        self.error(text::duplicate_src_version(version, first, index));
                    }
                }
            }
        }
    }

    fn tags(&mut self, config: &OtaDynamicJobModel) {
        let Value::Value(tags) = &config.tags else { return };
        let edition = self.edition;
        self.newer(limits::TAG_COUNT.verdict(edition, |most| tags.len() <= *most), |refused| {
            text::tag_count(tags.len(), refused)
        });
        let mut length = 0;
        for (key, value) in tags {
            let key_length = key.chars().count();
            if !limits::TAG_KEY_LENGTH.contains(&key_length) || !key.chars().all(limits::is_tag_key_character) {
                self.error(text::tag_key(key));
            }
            length += key_length;
            match value {
                Value::Unknown => {}
                Value::Null => self.error(text::null_tag_value(key)),
                Value::Value(value) => {
                    length += value.chars().count();
                    self.tag_value(key, value.chars().count());
                }
            }
        }
        // With a value still unknown this is the least that it can become, so an excess is one already.
        self.newer(limits::TAGS_LENGTH.verdict(edition, |most| length <= *most), |refused| {
            text::tags_length(length, refused)
        });
    }

    fn tag_value(&mut self, key: &str, length: usize) {
        let limit = &limits::TAG_VALUE_LENGTH;
        let verdict = limit.verdict(self.edition, |range| range.contains(&length));
        if matches!(verdict, Verdict::AcceptedByExtendedOnly | Verdict::Refused) {
            let extended_allows = verdict == Verdict::AcceptedByExtendedOnly;
            self.error(text::tag_value(key, length, limit.of(self.edition), extended_allows));
        }
    }

    fn retry(&mut self, config: &OtaDynamicJobModel) {
        let interval = self.whole("retry_interval", &config.retry_interval);
        self.one_of(
            "retry_interval",
            interval,
            limits::RETRY_INTERVALS,
            "remove `retry_interval` and `retry_count` to switch retries off",
        );
        let count = self.whole("retry_count", &config.retry_count);
        self.one_of(
            "retry_count",
            count,
            limits::RETRY_COUNTS,
            "remove `retry_interval` and `retry_count` to switch retries off",
        );
        if config.retry_interval.is_value() && config.retry_count.is_null() {
            self.error(text::retry_count_missing());
        }
        if config.retry_count.is_value() && config.retry_interval.is_null() {
            self.warning(text::retry_count_alone());
        }
    }

    fn pace(&mut self, config: &OtaDynamicJobModel) {
        let timeout = self.whole("timeout_in_minutes", &config.timeout_in_minutes);
        if let Some(timeout) = timeout
            && !limits::TIMEOUT_IN_MINUTES.contains(&timeout)
        {
            self.error(text::out_of_range("timeout_in_minutes", timeout, &limits::TIMEOUT_IN_MINUTES, false));
        }
        let interval = whole(&config.retry_interval).filter(|interval| limits::RETRY_INTERVALS.contains(interval));
        let timeout = timeout.filter(|timeout| limits::TIMEOUT_IN_MINUTES.contains(timeout));
        if let (Some(interval), Some(timeout)) = (interval, timeout) {
            let verdict = limits::RETRY_BELOW_TIMEOUT.verdict(self.edition, |demanded| !demanded || interval < timeout);
            self.newer(verdict, |refused| text::retry_not_below_timeout(interval, timeout, refused));
        }
        if let Some(rate) = self.whole("maximum_per_minute", &config.maximum_per_minute) {
            let limit = &limits::MAXIMUM_PER_MINUTE;
            let verdict = limit.verdict(self.edition, |range| range.contains(&rate));
            match verdict {
                Verdict::Accepted => {}
                Verdict::AcceptedByReferenceOnly => self.warning(text::low_rate(rate)),
                Verdict::AcceptedByExtendedOnly | Verdict::Refused => {
                    let extended_allows = verdict == Verdict::AcceptedByExtendedOnly;
                    self.error(text::out_of_range("maximum_per_minute", rate, limit.of(self.edition), extended_allows));
                }
            }
        }
    }

    fn modes(&mut self, config: &OtaDynamicJobModel) {
        let instead = "remove the argument";
        let overwrite_mode = self.whole("overwrite_mode", &config.overwrite_mode);
        self.one_of("overwrite_mode", overwrite_mode, limits::OVERWRITE_MODES, instead);
        let dynamic_mode = self.whole("dynamic_mode", &config.dynamic_mode);
        self.one_of("dynamic_mode", dynamic_mode, limits::DYNAMIC_MODES, instead);
        self.one_of("download_protocol", known(&config.download_protocol), limits::DOWNLOAD_PROTOCOLS, instead);
        self.one_of("on_destroy", known(&config.on_destroy), &OnDestroy::names(), instead);
        self.one_of("on_external_cancel", known(&config.on_external_cancel), &OnExternalCancel::names(), instead);
        if overwrite_mode == Some(limits::OVERWRITE) && config.multi_module_mode == Value::Value(true) {
            self.error(text::overwrite_with_multi_module());
        }
    }

    fn selection(&mut self, config: &OtaDynamicJobModel) {
        let group_type = known(&config.group_type);
        self.one_of("group_type", group_type, limits::GROUP_TYPES, "remove `group_id` and `group_type`");
        let (group_id, group_type, versions) = (&config.group_id, &config.group_type, &config.src_versions);
        if group_id.is_value() && group_type.is_null() {
            self.error(text::group_incomplete("group_id", "group_type"));
        }
        if group_type.is_value() && group_id.is_null() {
            self.error(text::group_incomplete("group_type", "group_id"));
        }
        if group_id.is_value() && versions.is_value() {
            self.error(text::group_and_src_versions());
        }
        if group_id.is_null() && group_type.is_null() && versions.is_null() {
            let verdict = limits::SELECTION_REQUIRED.verdict(self.edition, |required| !required);
            self.newer(verdict, text::no_selection);
        }
    }

    fn timeouts(&mut self, config: &OtaDynamicJobModel) {
        let Value::Value(block) = &config.timeouts else { return };
        let problems = Work::ALL.into_iter().filter_map(|work| timeouts::problem(work.name(), block.of(work)));
        self.diagnostics.errors.extend(problems);
    }

    /// The whole number in `value`, if it is known and one; an error if it is another number.
    fn whole(&mut self, attribute: &'static str, value: &Value<Number>) -> Option<i64> {
        if let Value::Value(number) = value
            && number.as_integer().is_none()
        {
            self.error(text::not_whole(attribute, number));
        }
        whole(value)
    }

    fn one_of<A: Display, T: Display + PartialEq<A>>(
        &mut self,
        attribute: &'static str,
        given: Option<T>,
        allowed: &[A],
        instead: &str,
    ) {
        if let Some(given) = given
            && !allowed.iter().any(|allowed| given == *allowed)
        {
            self.error(text::not_one_of(attribute, given, allowed, instead));
        }
    }
}
