//! The walk over nested values that the rules of a schema share.

use tf_provider::AttributePathStep;

use super::super::convert::WireValue;

/// Visits the objects in a value that is one, or a list, set or map of them, each with the step that leads to it.
pub(super) fn each_object(
    value: &mut WireValue,
    is_map: bool,
    visit: &mut dyn FnMut(Option<AttributePathStep>, &mut WireValue),
) {
    match value {
        WireValue::List(elements) => {
            for (index, element) in elements.iter_mut().enumerate() {
                visit(Some(AttributePathStep::Index(i64::try_from(index).unwrap_or(i64::MAX))), element);
            }
        }
        WireValue::Map(elements) if is_map => {
            for (key, element) in elements {
                visit(Some(AttributePathStep::Key(key.clone().into())), element);
            }
        }
        single => visit(None, single),
    }
}
