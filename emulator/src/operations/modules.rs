//! CreateOTAModule, UpdateOTAModule, DeleteOTAModule, ListOTAModuleByProduct.

use time::OffsetDateTime;
use time::macros::datetime;

use super::{Call, Methods, Operation};
use crate::answer::{Object, Refusal, ServiceError, Value};
use crate::clock::utc_text;
use crate::fleet::DEFAULT_MODULE;
use crate::limits::MODULES;
use crate::store::Module;

/// When the module `default` was there: since the version of the API.
const ALWAYS: OffsetDateTime = datetime!(2018-01-20 00:00 UTC);

/// Adds a module to a product.
pub(super) const CREATE: Operation =
    Operation { name: "CreateOTAModule", calls_per_second: 10, methods: Methods::PostOnly, carry_out: create };

/// Gives a module another alias or description.
pub(super) const UPDATE: Operation =
    Operation { name: "UpdateOTAModule", calls_per_second: 10, methods: Methods::PostOnly, carry_out: update };

/// Removes a module without packages.
pub(super) const DELETE: Operation =
    Operation { name: "DeleteOTAModule", calls_per_second: 10, methods: Methods::PostOnly, carry_out: delete };

/// The modules of a product.
pub(super) const LIST: Operation =
    Operation { name: "ListOTAModuleByProduct", calls_per_second: 10, methods: Methods::GetOnly, carry_out: list };

fn create(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let (product_key, name) = names(call)?;
    check_name(&name)?;
    let (alias, description) = texts(call)?;
    if name.eq_ignore_ascii_case(DEFAULT_MODULE) || call.store.module(&product_key, &name).is_some() {
        let message = format!("The product {product_key} has a module {name}.");
        return Err(ServiceError::new("iot.ota.OtaModuleAlreadyExists", message).into());
    }
    if call.store.modules(&product_key).count() >= MODULES {
        let message = format!("A product has at most {MODULES} modules of its own.");
        return Err(ServiceError::new("iot.ota.TooManyOtaModule", message).into());
    }
    let (created, modified) = (call.now, call.now);
    call.store.add_module(Module { product_key, name, alias, description, created, modified });
    Ok(Object::new())
}

/// What is left out stays, as a call that changes one of two texts would otherwise clear the other.
fn update(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let (product_key, name) = own_module(call)?;
    let (alias, description) = texts(call)?;
    let now = call.now;
    if let Some(module) = call.store.module_mut(&product_key, &name) {
        module.alias = alias.or(module.alias.take());
        module.description = description.or(module.description.take());
        module.modified = now;
    }
    Ok(Object::new())
}

fn delete(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let (product_key, name) = own_module(call)?;
    if call.store.firmwares().any(|it| it.fits_product(&product_key) && it.module_name.eq_ignore_ascii_case(&name)) {
        let message = format!("The module {name} has packages.");
        return Err(ServiceError::new("iot.ota.OtaModuleInUse", message).into());
    }
    call.store.remove_module(&product_key, &name);
    Ok(Object::new())
}

/// `Data` is a plain list, unlike that of the other operations.
fn list(call: &mut Call<'_>) -> Result<Object, Refusal> {
    let product_key = call.product_key()?.to_owned();
    let is_newer = call.limits.is_extended();
    let default = Module {
        product_key: product_key.clone(),
        name: DEFAULT_MODULE.to_owned(),
        alias: None,
        description: None,
        created: ALWAYS,
        modified: ALWAYS,
    };
    let modules = std::iter::once(default).chain(call.store.modules(&product_key).cloned()).collect();
    let modules = call.randomness.shuffled(modules);
    let items: Vec<Value> = modules.into_iter().map(|module| item(&module, is_newer).into()).collect();
    Ok(Object::new().with("Data", Value::List(items)))
}

fn item(module: &Module, is_newer: bool) -> Object {
    let text = if is_newer { minutes_text } else { header_text };
    Object::new()
        .with("ModuleName", &module.name)
        .with_text("AliasName", module.alias.as_ref())
        .with_text("Desc", module.description.as_ref())
        .with("ProductKey", &module.product_key)
        .with("GmtCreate", text(module.created))
        .with("GmtModified", text(module.modified))
}

/// Newer: `2020-10-13T09:46Z`.
fn minutes_text(time: OffsetDateTime) -> String {
    utc_text(time).chars().take(16).chain(['Z']).collect()
}

/// `Wed, 20-Feb-2019 02:16:09 GMT`.
fn header_text(time: OffsetDateTime) -> String {
    let short = |name: String| name.chars().take(3).collect::<String>();
    let (hour, minute, second) = time.to_hms();
    let (weekday, month) = (short(time.weekday().to_string()), short(time.month().to_string()));
    format!("{weekday}, {:02}-{month}-{} {hour:02}:{minute:02}:{second:02} GMT", time.day(), time.year())
}

fn names(call: &Call<'_>) -> Result<(String, String), Refusal> {
    let product_key = call.product_key()?.to_owned();
    Ok((product_key, call.parameters.required("ModuleName")?.to_owned()))
}

/// Product and name of a module that is there and can be changed.
fn own_module(call: &Call<'_>) -> Result<(String, String), Refusal> {
    let (product_key, name) = names(call)?;
    if name.eq_ignore_ascii_case(DEFAULT_MODULE) {
        return Err(ServiceError::new("iot.ota.InvalidOtaModuleName", "The module default stays as it is.").into());
    }
    match call.store.module(&product_key, &name) {
        Some(_) => Ok((product_key, name)),
        None => {
            let message = format!("The product {product_key} has no module {name}.");
            Err(ServiceError::new("iot.ota.OtaModuleNotFound", message).into())
        }
    }
}

fn check_name(name: &str) -> Result<(), ServiceError> {
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || ".-_".contains(character);
    if name.len() <= 64 && name.chars().all(is_allowed) {
        return Ok(());
    }
    let message = "ModuleName has 1 to 64 letters, digits, periods, - and _.";
    Err(ServiceError::new("iot.ota.InvalidOtaModuleName", message))
}

fn texts(call: &Call<'_>) -> Result<(Option<String>, Option<String>), ServiceError> {
    let text = |name: &str, longest: usize| {
        let text = call.parameters.get(name);
        match text.filter(|text| text.chars().count() > longest) {
            Some(_) => Err(ServiceError::invalid(format!("{name} has at most {longest} characters."))),
            None => Ok(text.map(str::to_owned)),
        }
    };
    let alias = text("AliasName", 64)?;
    let is_allowed = |character: char| character.is_alphanumeric() || ".-_".contains(character);
    if alias.as_ref().is_some_and(|alias| !alias.chars().all(is_allowed)) {
        return Err(ServiceError::invalid("AliasName has letters, Chinese too, digits, periods, - and _."));
    }
    Ok((alias, text("Desc", 100)?))
}
