//! CreateOTAModule, UpdateOTAModule, DeleteOTAModule, ListOTAModuleByProduct.

use serde_json::{Value, json};

use crate::support::sign::request;
use crate::support::{Emulator, xml};

fn verdict(emulator: &Emulator, action: &str, name: &str, more: &[(&str, &str)]) -> String {
    let own = [("ProductKey", "product"), ("ModuleName", name)];
    emulator.call(action, &[own.as_slice(), more].concat()).verdict()
}

fn list(emulator: &Emulator) -> Vec<Value> {
    let answer = emulator.send("GET", request("ListOTAModuleByProduct", &[("ProductKey", "product")])).success();
    let mut modules = answer["Data"].as_array().unwrap().clone();
    modules.sort_by_key(|module| module["ModuleName"].to_string());
    modules
}

#[test]
fn modules_are_made_changed_listed_and_removed() {
    let emulator = Emulator::extended();
    let texts = [("AliasName", "条码扫描器"), ("Desc", "reads barcodes")];
    assert_eq!(verdict(&emulator, "CreateOTAModule", "Barcode-1.x_y", &texts), "ok");
    assert_eq!(verdict(&emulator, "UpdateOTAModule", "Barcode-1.x_y", &[("Desc", "reads more")]), "ok");
    let modules = list(&emulator);
    assert_eq!(modules.len(), 2);
    assert_eq!((&modules[0]["ModuleName"], &modules[1]["ModuleName"]), (&json!("Barcode-1.x_y"), &json!("default")));
    assert_eq!((&modules[0]["AliasName"], &modules[0]["Desc"]), (&json!("条码扫描器"), &json!("reads more")));
    assert_eq!(verdict(&emulator, "DeleteOTAModule", "Barcode-1.x_y", &[]), "ok");
    assert_eq!(list(&emulator).len(), 1);
}

#[test]
fn the_list_is_plain_in_json_and_repeats_its_member_in_xml() {
    let emulator = Emulator::reference();
    verdict(&emulator, "CreateOTAModule", "one", &[]);
    let parameters = [("ProductKey", "product"), ("Format", "XML")];
    let answer = emulator.send("GET", request("ListOTAModuleByProduct", &parameters)).0;
    let (root, leaves) = xml::leaves_of_xml(&answer.body);
    assert_eq!(root, "ListOTAModuleByProductResponse");
    assert_eq!(leaves.iter().filter(|(path, _)| path == "Data/ModuleName").count(), 2);
}

#[test]
fn times_have_the_form_of_the_edition() {
    let form = |emulator: &Emulator| {
        verdict(emulator, "CreateOTAModule", "a", &[]);
        let text = list(emulator)[1]["GmtCreate"].as_str().unwrap().to_owned();
        assert_eq!(list(emulator)[1]["ModuleName"], json!("default"));
        text
    };
    assert_eq!(form(&Emulator::reference()), "Sat, 20-Jan-2018 00:00:00 GMT");
    assert_eq!(form(&Emulator::extended()), "2018-01-20T00:00Z");
}

#[test]
fn the_list_takes_get_alone_and_the_changes_post_alone() {
    let emulator = Emulator::reference();
    let refused = (400, "UnsupportedHTTPMethod".to_owned());
    let list = request("ListOTAModuleByProduct", &[("ProductKey", "product")]);
    assert_eq!(emulator.send("POST", list).gateway_code(), refused);
    for action in ["CreateOTAModule", "UpdateOTAModule", "DeleteOTAModule"] {
        let request = request(action, &[("ProductKey", "product"), ("ModuleName", "one")]);
        assert_eq!(emulator.send("GET", request).gateway_code(), refused, "{action}");
    }
}

#[test]
fn what_a_module_cannot_be_is_refused() {
    let emulator = Emulator::reference();
    let (long, too_long) = ("m".repeat(64), "m".repeat(65));
    let name = "iot.ota.InvalidOtaModuleName";
    let form = "iot.common.InvalidFormattedParameter";
    for (action, module, more, expected) in [
        ("CreateOTAModule", long.as_str(), ("", ""), "ok"),
        ("CreateOTAModule", &too_long, ("", ""), name),
        ("CreateOTAModule", "a b", ("", ""), name),
        ("CreateOTAModule", "模块", ("", ""), name),
        ("CreateOTAModule", "", ("", ""), "MissingModuleName"),
        ("CreateOTAModule", "default", ("", ""), "iot.ota.OtaModuleAlreadyExists"),
        ("CreateOTAModule", "DEFAULT", ("", ""), "iot.ota.OtaModuleAlreadyExists"),
        ("CreateOTAModule", &long.to_uppercase(), ("", ""), "iot.ota.OtaModuleAlreadyExists"),
        ("CreateOTAModule", "a", ("AliasName", &too_long), form),
        ("CreateOTAModule", "a", ("AliasName", "a b"), form),
        ("CreateOTAModule", "a", ("Desc", &"d".repeat(101)), form),
        ("UpdateOTAModule", "default", ("Desc", "d"), name),
        ("UpdateOTAModule", "none", ("Desc", "d"), "iot.ota.OtaModuleNotFound"),
        ("DeleteOTAModule", "default", ("", ""), name),
        ("DeleteOTAModule", "none", ("", ""), "iot.ota.OtaModuleNotFound"),
    ] {
        assert_eq!(verdict(&emulator, action, module, &[more]), expected, "{action} {module} {more:?}");
    }
}

#[test]
fn a_product_has_at_most_ten_modules_of_its_own() {
    let emulator = Emulator::reference();
    for number in 0..10 {
        assert_eq!(verdict(&emulator, "CreateOTAModule", &format!("m{number}"), &[]), "ok");
    }
    assert_eq!(verdict(&emulator, "CreateOTAModule", "m10", &[]), "iot.ota.TooManyOtaModule");
    let other = [("ProductKey", "other"), ("ModuleName", "m10")];
    emulator.call("CreateOTAModule", &other).success();
}

#[test]
fn a_module_with_packages_stays() {
    let emulator = Emulator::reference();
    verdict(&emulator, "CreateOTAModule", "barcode", &[]);
    let package = [
        ("FirmwareName", "n"),
        ("DestVersion", "2"),
        ("ProductKey", "product"),
        ("ModuleName", "barcode"),
        ("FirmwareUrl", "https://files.test/a.bin"),
    ];
    let created = emulator.call("CreateOTAFirmware", &package).success();
    assert_eq!(verdict(&emulator, "DeleteOTAModule", "barcode", &[]), "iot.ota.OtaModuleInUse");
    let id = created["Data"]["FirmwareId"].as_str().unwrap();
    emulator.call("DeleteOTAFirmware", &[("FirmwareId", id)]).success();
    assert_eq!(verdict(&emulator, "DeleteOTAModule", "barcode", &[]), "ok");
}
