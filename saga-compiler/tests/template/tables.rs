//! Tables.

use saga_manifest::Manifest;
use saga_manifest::expr::Expr;
use saga_manifest::resource::{Index, Key, KeyKind, Origin, Table};
use saga_manifest::step::Kind;
use saga_manifest::task::{Attribute, Shape, Task};
use serde_json::json;

use super::Template;
use crate::manifest::{call, saga, step, table};

/// A saga that reads a table.
fn reading(table: Table) -> Manifest {
    let key = vec![Attribute {
        name: "id".into(),
        shape: Shape::String,
        value: Expr::SagaId,
    }];
    let get = Task::DynamodbGet {
        table: table.name.clone(),
        key,
        item: Vec::new(),
        again: None,
    };
    let mut manifest = saga(vec![step("Read", Kind::ReadOnly, call(get))]);
    manifest.tables.push(table);
    manifest
}

#[test]
fn a_table_has_its_keys_and_indexes_and_is_kept_safe() {
    let key = |name: &str, kind| Key {
        name: name.into(),
        kind,
    };
    let index = Index {
        name: "byAge".into(),
        partition_key: key("kind", KeyKind::String),
        sort_key: Some(key("age", KeyKind::Number)),
    };
    let template = Template::of(&reading(Table {
        indexes: vec![index],
        ..table("Orders", "id")
    }));
    let properties = template.properties("OrdersTable");
    let attributes = json!([
        { "AttributeName": "id", "AttributeType": "S" },
        { "AttributeName": "kind", "AttributeType": "S" },
        { "AttributeName": "age", "AttributeType": "N" },
    ]);
    assert_eq!(properties["AttributeDefinitions"], attributes);
    assert_eq!(
        properties["KeySchema"],
        json!([{ "AttributeName": "id", "KeyType": "HASH" }])
    );
    let index = &properties["GlobalSecondaryIndexes"][0];
    assert_eq!(
        index["KeySchema"][1],
        json!({ "AttributeName": "age", "KeyType": "RANGE" })
    );
    assert_eq!(index["Projection"]["ProjectionType"], "ALL");
    assert_eq!(properties["BillingMode"], "PAY_PER_REQUEST");
    let recovery = &properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"];
    assert_eq!(recovery, true);
    let output = &template.section("Outputs")["OrdersTableName"]["Value"];
    assert_eq!(output, &json!({ "Ref": "OrdersTable" }));
}

#[test]
fn a_table_that_exists_is_referred_to_and_not_created() {
    let arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders";
    let origins = [
        (
            Origin::Parameter("OrdersArn".into()),
            json!({ "Ref": "OrdersArn" }),
        ),
        (Origin::Arn(arn.into()), json!(arn)),
    ];
    for (origin, arn) in origins {
        let template = Template::of(&reading(Table {
            origin,
            ..table("Orders", "id")
        }));
        assert_eq!(template.resources("AWS::DynamoDB::Table").count(), 0);
        let machine = template.properties("OrderStateMachine");
        assert_eq!(machine["DefinitionSubstitutions"]["OrdersTableName"], arn);
        let statements = template.statements("OrderStateMachineRole");
        assert_eq!(statements[0]["Resource"], arn);
        assert_eq!(statements[0]["Action"], json!(["dynamodb:GetItem"]));
    }
}
