//! Functions.

use serde_json::{Value as Json, json};
use terraform_provider_alicloud_iot::plugin::convert::Type;
use terraform_provider_alicloud_iot::plugin::proto::tfplugin6 as wire;

use crate::client::{Session, sample};
use crate::values::{json_of, value};

#[tokio::test]
async fn a_function_works_on_a_provider_that_was_never_configured() {
    let session = Session::start_of(&sample()).await;
    let call = |name: &str, arguments: Vec<Option<wire::DynamicValue>>| {
        let arguments = arguments.into_iter().map(Option::unwrap).collect();
        let request = wire::call_function::Request { name: name.to_owned(), arguments };
        let mut provider = session.provider.clone();
        async move { provider.call_function(request).await.unwrap().into_inner() }
    };
    let text = |text: &str| value(&json!(text));
    let answer = call("join_words", vec![text("-"), text("a"), text("b")]).await;
    assert_eq!((json_of(answer.result.as_ref(), &Type::String), answer.error), (json!("a-b"), None));
    let answer = call("join_words", vec![text("-")]).await;
    assert_eq!(json_of(answer.result.as_ref(), &Type::String), json!(""));
    // OpenTofu's null. (The warning that it raises has no place in the answer.)
    let answer = call("join_words", vec![Some(wire::DynamicValue::default()), text("a"), text("b")]).await;
    assert_eq!((json_of(answer.result.as_ref(), &Type::String), answer.error), (json!("ab"), None));

    let answer = call("join_words", vec![text("-"), text("a"), text("")]).await;
    let error = answer.error.unwrap();
    assert_eq!((error.text.as_str(), error.function_argument), ("A word is empty", Some(2)));
    assert!(answer.result.is_none(), "exactly one of the two");
    // All that is wrong is said, at the first position that is to blame.
    let answer = call("join_words", vec![text("-"), text(""), text("")]).await;
    let error = answer.error.unwrap();
    assert_eq!((error.text.as_str(), error.function_argument), ("A word is empty\n\nA word is empty", Some(1)));
    // What cannot be read is blamed on its position, wherever inside the argument it is.
    let answer = call("join_words", vec![text("-"), value(&json!(["a"]))]).await;
    let error = answer.error.unwrap();
    assert!(error.text.contains("argument 2"), "{error:?}");
    assert_eq!(error.function_argument, Some(1));
    let answer = call("join_lines", vec![value(&json!("-")), value(&json!(["a", [0]]))]).await;
    assert_eq!(answer.error.unwrap().function_argument, Some(1));
    // A position that core did not give would be looked up in vain.
    let answer = call("join_lines", vec![value(&json!("-")), value(&json!([]))]).await;
    let error = answer.error.unwrap();
    assert_eq!((error.text.as_str(), error.function_argument), ("There is no line", None));
    let answer = call("join_lines", vec![text("-"), value(&json!(["a"])), text("b")]).await;
    assert!(answer.error.unwrap().text.contains("more arguments"));
    let answer = call("nothing", Vec::new()).await;
    assert!(answer.error.unwrap().text.contains("\"nothing\""));
    let none: Json = json_of(answer.result.as_ref(), &Type::String);
    assert!(none.is_null());
}
