//! The event table of `deploy/template.yaml`, and how a rule's action writes to it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use serde_json::{Map, Value};

use crate::servers::Server;

/// A new table with the keys of `EventTable`.
pub(crate) async fn create(moto: &Server) -> String {
    let name = format!("events-{:016x}", getrandom::u64().unwrap());
    let mut request = moto.client().create_table().table_name(&name).billing_mode(BillingMode::PayPerRequest);
    for (key, kind) in [("client_id", KeyType::Hash), ("trace_id", KeyType::Range)] {
        let text =
            AttributeDefinition::builder().attribute_name(key).attribute_type(ScalarAttributeType::S).build();
        let element = KeySchemaElement::builder().attribute_name(key).key_type(kind).build();
        request = request.attribute_definitions(text.unwrap()).key_schema(element.unwrap());
    }
    request.send().await.unwrap();
    name
}

/// What the `dynamoDBv2` action does with what a statement selects: each root attribute becomes one of the item.
pub(crate) async fn put(moto: &Server, table: &str, selected: &Map<String, Value>) {
    let item = selected.iter().map(|(name, value)| (name.clone(), attribute(value))).collect();
    moto.client().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

/// The types are those of AWS IoT, `dynamoDBv2`.
fn attribute(value: &Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(holds) => AttributeValue::Bool(*holds),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(text) => AttributeValue::S(text.clone()),
        Value::Array(list) => AttributeValue::L(list.iter().map(attribute).collect()),
        Value::Object(map) => {
            let map = map.iter().map(|(name, value)| (name.clone(), attribute(value)));
            AttributeValue::M(map.collect::<HashMap<_, _>>())
        }
    }
}
