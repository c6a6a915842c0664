//! Ranges and rules of CreateOTADynamicUpgradeJob, the right and the wrong side of each, in both editions.

use crate::support::Emulator;

/// The verdicts of the reference and of the extended edition.
fn verdicts(firmware_id: &str, parameters: &[(&str, &str)]) -> (String, String) {
    let verdict = |emulator: Emulator| {
        let mut all = vec![("FirmwareId", firmware_id), ("ProductKey", "product")];
        all.extend_from_slice(parameters);
        emulator.call("CreateOTADynamicUpgradeJob", &all).verdict()
    };
    (verdict(Emulator::reference()), verdict(Emulator::extended()))
}

fn check(parameters: &[(&str, &str)], reference: &str, extended: &str) {
    let expected = (reference.to_owned(), extended.to_owned());
    assert_eq!(verdicts("verified", parameters), expected, "{parameters:?}");
}

/// Both editions judge alike; the version that the extended edition demands is added.
fn check_both(parameters: &[(&str, &str)], verdict: &str) {
    let mut all = vec![("SrcVersion.1", "1.0")];
    all.extend_from_slice(parameters);
    check(&all, verdict, verdict);
}

const OK: &str = "ok";
const FORM: &str = "iot.common.InvalidFormattedParameter";
const NULL: &str = "iot.check.NullParameter";
const TIMEOUT: &str = "iot.ota.InvalidTimeout";
const RATE: &str = "iot.ota.InvalidMaximumPerMinute";
const TAG: &str = "iot.ota.JobTagIsTooLong";

#[test]
fn retry_takes_the_listed_values_and_its_count() {
    for interval in ["0", "10", "30", "60", "1440"] {
        check_both(&[("RetryInterval", interval), ("RetryCount", "1")], OK);
    }
    for interval in ["-1", "1", "59", "1441"] {
        check_both(&[("RetryInterval", interval), ("RetryCount", "1")], FORM);
    }
    for (count, verdict) in [("1", OK), ("2", OK), ("5", OK), ("0", FORM), ("3", FORM), ("6", FORM)] {
        check_both(&[("RetryInterval", "10"), ("RetryCount", count)], verdict);
    }
    check_both(&[("RetryInterval", "10")], NULL);
    check_both(&[("RetryCount", "1")], OK);
}

#[test]
fn timeout_is_one_minute_to_a_day() {
    for (minutes, verdict) in [("1", OK), ("1440", OK), ("0", TIMEOUT), ("1441", TIMEOUT), ("-5", TIMEOUT)] {
        check_both(&[("TimeoutInMinutes", minutes)], verdict);
    }
}

#[test]
fn retry_has_to_come_before_the_timeout_in_the_extended_edition() {
    for (interval, timeout, extended) in
        [("60", "61", OK), ("60", "60", TIMEOUT), ("1440", "1440", TIMEOUT), ("0", "1", OK)]
    {
        let parameters =
            [("SrcVersion.1", "1.0"), ("RetryInterval", interval), ("RetryCount", "1"), ("TimeoutInMinutes", timeout)];
        check(&parameters, OK, extended);
    }
}

#[test]
fn rate_has_the_range_of_its_edition() {
    for (rate, reference, extended) in [
        ("-1", RATE, RATE),
        ("0", OK, RATE),
        ("9", OK, RATE),
        ("10", OK, OK),
        ("1000", OK, OK),
        ("1001", RATE, OK),
        ("10000", RATE, OK),
        ("10001", RATE, RATE),
    ] {
        check(&[("SrcVersion.1", "1.0"), ("MaximumPerMinute", rate)], reference, extended);
    }
}

#[test]
fn modes_are_one_or_two() {
    for name in ["OverwriteMode", "DynamicMode"] {
        for (mode, verdict) in [("1", OK), ("2", OK), ("0", FORM), ("3", FORM)] {
            check_both(&[(name, mode)], verdict);
        }
    }
}

#[test]
fn switches_and_choices_are_accepted_in_both_editions() {
    for name in ["NeedPush", "NeedConfirm", "MultiModuleMode"] {
        for (value, verdict) in [("true", OK), ("false", OK), ("True", OK)] {
            check_both(&[(name, value)], verdict);
        }
        check_both(&[(name, "yes")], &format!("Invalid{name}"));
    }
    for (protocol, verdict) in [("HTTPS", OK), ("MQTT", OK), ("https", FORM), ("FTP", FORM)] {
        check_both(&[("DownloadProtocol", protocol)], verdict);
    }
}

#[test]
fn numbers_have_to_be_numbers() {
    for name in ["RetryInterval", "RetryCount", "TimeoutInMinutes", "MaximumPerMinute", "OverwriteMode", "DynamicMode"]
    {
        check_both(&[(name, "ten")], &format!("Invalid{name}"));
        check_both(&[(name, "99999999999999999999")], &format!("Invalid{name}"));
    }
}

#[test]
fn at_most_ten_different_source_versions() {
    let names: Vec<String> = (1..=11).map(|number| format!("SrcVersion.{number}")).collect();
    let versions: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
    check(&versions[..10], OK, OK);
    check(&versions, FORM, FORM);
    check(&[("SrcVersion.1", "1.0"), ("SrcVersion.2", "1.0")], FORM, FORM);
    check(&[("SrcVersion.1", "1.0"), ("SrcVersion.2", "")], FORM, FORM);
    check(&[("SrcVersion.1", "1.0"), ("SrcVersion.3", "1.1")], "InvalidSrcVersion", "InvalidSrcVersion");
    check(&[("SrcVersion.1", "V1.0.2 上 beta")], OK, OK);
}

#[test]
fn a_tag_is_a_pair_of_a_plain_key_and_a_short_value() {
    let tag = |key: &str, value: &str, verdict| check_both(&[("Tag.1.Key", key), ("Tag.1.Value", value)], verdict);
    tag("a", "1", OK);
    tag(&"k".repeat(30), "1", OK);
    tag(&"k".repeat(31), "1", FORM);
    tag("Key.9", "上海 站点*1~α+β", OK);
    for key in ["a-b", "a_b", "a b", "ключ"] {
        tag(key, "1", FORM);
    }
    tag("", "1", NULL);
    tag("a", "", NULL);
    check_both(&[("Tag.1.Key", "a")], NULL);
    check_both(&[("Tag.1.Value", "a")], NULL);
    check_both(&[("Tag.2.Key", "a"), ("Tag.2.Value", "1")], "InvalidTag");
    let twice = [("Tag.1.Key", "a"), ("Tag.1.Value", "1"), ("Tag.2.Key", "a"), ("Tag.2.Value", "2")];
    check_both(&twice, FORM);
}

#[test]
fn tag_values_have_the_length_of_their_edition_counted_in_characters() {
    for (length, reference, extended) in [(128, OK, OK), (129, TAG, OK), (1024, TAG, OK), (1025, TAG, TAG)] {
        let value = "上".repeat(length);
        let parameters = [("SrcVersion.1", "1.0"), ("Tag.1.Key", "a"), ("Tag.1.Value", value.as_str())];
        check(&parameters, reference, extended);
    }
}

#[test]
fn number_and_total_length_of_tags_are_bounded_in_the_extended_edition() {
    let tags = |count: usize, value: &str| -> Vec<(String, String)> {
        let tag = |number: usize| {
            [(format!("Tag.{number}.Key"), format!("k{number:03}")), (format!("Tag.{number}.Value"), value.to_owned())]
        };
        (1..=count).flat_map(tag).collect()
    };
    for (count, length, reference, extended) in
        [(10, 1, OK, OK), (11, 1, OK, FORM), (4, 1020, TAG, OK), (4, 1021, TAG, TAG), (100, 128, OK, FORM)]
    {
        let owned = tags(count, &"v".repeat(length));
        let mut parameters = vec![("SrcVersion.1", "1.0")];
        parameters.extend(owned.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        check(&parameters, reference, extended);
    }
}

#[test]
fn versions_or_a_group_select_the_devices_in_the_extended_edition() {
    let version = ("SrcVersion.1", "1.0");
    let group = ("GroupId", "group");
    let group_type = ("GroupType", "LINK_PLATFORM_DYNAMIC");
    check(&[], OK, "iot.ota.EmptySrcVersionList");
    check(&[group, group_type], OK, OK);
    check(&[version, group, group_type], OK, "iot.ota.InvalidSrcVersionList");
    check(&[group], OK, NULL);
    check(&[group_type], OK, NULL);
    check(&[group, ("GroupType", "LINK_PLATFORM")], FORM, FORM);
}

#[test]
fn replacing_tasks_excludes_several_modules_in_the_extended_edition() {
    let replace = [("SrcVersion.1", "1.0"), ("OverwriteMode", "2"), ("MultiModuleMode", "true")];
    check(&replace, OK, FORM);
}

#[test]
fn groups_and_mqtt_are_offered_in_some_regions_in_the_extended_edition() {
    let version = ("SrcVersion.1", "1.0");
    let mqtt = ("DownloadProtocol", "MQTT");
    check(&[version, mqtt, ("RegionId", "cn-beijing")], OK, OK);
    check(&[version, mqtt, ("RegionId", "eu-central-1")], OK, FORM);
    let group = [("GroupId", "g"), ("GroupType", "LINK_PLATFORM_DYNAMIC")];
    check(&[group[0], group[1], ("RegionId", "cn-beijing")], OK, FORM);
}

#[test]
fn a_differential_package_updates_its_source_version_only() {
    let verdict = |parameters: &[(&str, &str)]| verdicts("difference", parameters);
    let both = |verdict: &str| (verdict.to_owned(), verdict.to_owned());
    assert_eq!(verdict(&[("SrcVersion.1", "1.0")]), both(OK));
    assert_eq!(verdict(&[("SrcVersion.1", "1.1")]), both(FORM));
    assert_eq!(verdict(&[("SrcVersion.1", "1.0"), ("SrcVersion.2", "1.1")]), both(FORM));
    assert_eq!(verdict(&[("GroupId", "g"), ("GroupType", "LINK_PLATFORM_DYNAMIC")]), both(OK));
}

#[test]
fn package_and_product_are_mandatory() {
    let emulator = Emulator::reference();
    let verdict = |parameters| emulator.call("CreateOTADynamicUpgradeJob", parameters).verdict();
    assert_eq!(verdict(&[("ProductKey", "product")]), "MissingFirmwareId");
    assert_eq!(verdict(&[("FirmwareId", "verified")]), "MissingProductKey");
    assert_eq!(verdict(&[("FirmwareId", ""), ("ProductKey", "product")]), "MissingFirmwareId");
}
