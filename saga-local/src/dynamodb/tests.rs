//! Tables of requests and answers.

use serde_json::{Value, json};

use super::{Dynamodb, Index, KeyAttribute, KeySchema, KeyType, Table};

fn key(name: &str, kind: KeyType) -> KeyAttribute {
    KeyAttribute {
        name: name.into(),
        kind,
    }
}

/// Orders by customer and number, and an index of them by status.
fn orders() -> Dynamodb {
    let main = KeySchema {
        partition: key("customer", KeyType::String),
        sort: Some(key("number", KeyType::Number)),
    };
    let by_status = KeySchema {
        partition: key("state", KeyType::String),
        sort: Some(key("number", KeyType::Number)),
    };
    let mut db = Dynamodb::default();
    let index = Index {
        name: "by-state".into(),
        key: by_status,
    };
    db.create("Orders", Table::new(main, vec![index]));
    db
}

const A1: &str = r#"{"customer": {"S": "a"}, "number": {"N": "1"}}"#;

/// Asks for each action with its request, and compares with its answer: JSON, or `Error: message`.
#[track_caller]
fn check(steps: &[(&str, &str, &str)]) {
    let mut db = orders();
    for (action, request, expected) in steps {
        let text = request.replace("A1", A1);
        let mut request: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        request["TableName"] = json!("Orders");
        let answer = match db.perform(action, &request) {
            Ok(answer) => answer,
            Err(error) => json!(format!("{}: {error}", error.name())),
        };
        let expected = expected.replace("A1", A1);
        let expected = serde_json::from_str(&expected).unwrap_or_else(|_| json!(expected));
        assert_eq!(answer, expected, "{action} {request}");
    }
}

/// The item with attribute `x` that an update of nothing leaves, as `UPDATED_NEW` answers it.
#[track_caller]
fn check_update(x: &str, expression: &str, values: &str, expected: &str) {
    let put =
        format!(r#"{{"Item": {{"customer": {{"S": "a"}}, "number": {{"N": "1"}}, "x": {x}}}}}"#);
    let update = format!(
        r#"{{"Key": A1, "UpdateExpression": "{expression}", "ReturnValues": "ALL_NEW"{}}}"#,
        if values.is_empty() {
            String::new()
        } else {
            format!(r#", "ExpressionAttributeValues": {values}"#)
        }
    );
    let mut db = orders();
    let mut perform = |action: &str, request: &str| {
        let mut request: Value = serde_json::from_str(&request.replace("A1", A1)).unwrap();
        request["TableName"] = json!("Orders");
        db.perform(action, &request)
    };
    perform("PutItem", &put).unwrap();
    let found = match perform("UpdateItem", &update) {
        Ok(answer) => answer["Attributes"]["x"].clone(),
        Err(error) => json!(error.to_string()),
    };
    let expected = serde_json::from_str(expected).unwrap_or_else(|_| json!(expected));
    assert_eq!(found, expected, "{expression}");
}

/// Whether a condition holds for an item with attribute `x`.
#[track_caller]
fn check_condition(x: &str, expression: &str, values: &str, expected: &str) {
    let condition = format!(
        r#"{{"Key": A1, "ConditionExpression": "{expression}"{}}}"#,
        if values.is_empty() {
            String::new()
        } else {
            format!(r#", "ExpressionAttributeValues": {values}"#)
        }
    );
    let x = if x.is_empty() {
        String::new()
    } else {
        format!(r#", "x": {x}"#)
    };
    let put = format!(r#"{{"Item": {{"customer": {{"S": "a"}}, "number": {{"N": "1"}}{x}}}}}"#);
    let expected = match expected {
        "holds" => "{}",
        "fails" => "ConditionalCheckFailedException: The conditional request failed",
        other => other,
    };
    check(&[
        ("PutItem", &put, "{}"),
        ("DeleteItem", &condition, expected),
    ]);
}

#[test]
fn items_are_put_read_and_deleted() {
    check(&[
        ("GetItem", r#"{"Key": A1}"#, "{}"),
        ("PutItem", r#"{"Item": A1}"#, "{}"),
        ("GetItem", r#"{"Key": A1}"#, r#"{"Item": A1}"#),
        (
            "PutItem",
            r#"{"Item": A1, "ReturnValues": "ALL_OLD"}"#,
            r#"{"Attributes": A1}"#,
        ),
        (
            "DeleteItem",
            r#"{"Key": A1, "ReturnValues": "ALL_OLD"}"#,
            r#"{"Attributes": A1}"#,
        ),
        ("DeleteItem", r#"{"Key": A1}"#, "{}"),
        ("GetItem", r#"{"Key": A1}"#, "{}"),
    ]);
}

#[test]
fn keys_are_compared_as_values() {
    check(&[
        (
            "PutItem",
            r#"{"Item": {"customer": {"S": "a"}, "number": {"N": "1.00"}}}"#,
            "{}",
        ),
        ("GetItem", r#"{"Key": A1}"#, r#"{"Item": A1}"#),
    ]);
}

#[test]
fn wrong_keys_are_refused() {
    let schema = "ValidationException: The provided key element does not match the schema";
    check(&[
        ("GetItem", r#"{"Key": {"customer": {"S": "a"}}}"#, schema),
        (
            "GetItem",
            r#"{"Key": {"customer": {"S": "a"}, "number": {"S": "1"}}}"#,
            schema,
        ),
        (
            "PutItem",
            r#"{"Item": {"customer": {"S": "a"}}}"#,
            "ValidationException: One or more parameter values were invalid: Missing the key number in the item",
        ),
        (
            "PutItem",
            r#"{"Item": {"customer": {"N": "1"}, "number": {"N": "1"}}}"#,
            "ValidationException: One or more parameter values were invalid: Type mismatch for key customer expected: S actual: N",
        ),
        (
            "UpdateItem",
            r#"{"Key": A1, "UpdateExpression": "REMOVE customer"}"#,
            "ValidationException: One or more parameter values were invalid: Cannot update attribute customer. This attribute is part of the key",
        ),
    ]);
}

#[test]
fn conditions_compare_as_documented() {
    check_condition("", "attribute_exists(x)", "", "fails");
    check_condition("", "attribute_not_exists(x)", "", "holds");
    check_condition(r#"{"NULL": true}"#, "attribute_exists(x)", "", "holds");
    check_condition(r#"{"S": "b"}"#, "x = :v", r#"{":v": {"S": "b"}}"#, "holds");
    check_condition(
        r#"{"N": "1"}"#,
        "x = :v",
        r#"{":v": {"N": "1.0"}}"#,
        "holds",
    );
    check_condition(r#"{"N": "1"}"#, "x = :v", r#"{":v": {"S": "1"}}"#, "fails");
    check_condition(r#"{"N": "1"}"#, "x <> :v", r#"{":v": {"S": "1"}}"#, "holds");
    check_condition("", "x <> :v", r#"{":v": {"S": "1"}}"#, "holds");
    check_condition("", "x < :v", r#"{":v": {"N": "1"}}"#, "fails");
    check_condition(r#"{"N": "9"}"#, "x < :v", r#"{":v": {"N": "10"}}"#, "holds");
    check_condition(r#"{"S": "9"}"#, "x < :v", r#"{":v": {"S": "10"}}"#, "fails");
    check_condition(
        r#"{"N": "5"}"#,
        "x BETWEEN :a AND :b",
        r#"{":a": {"N": "5"}, ":b": {"N": "6"}}"#,
        "holds",
    );
    check_condition(
        r#"{"S": "b"}"#,
        "x IN (:a, :b)",
        r#"{":a": {"S": "a"}, ":b": {"S": "b"}}"#,
        "holds",
    );
    check_condition(
        r#"{"S": "order-1"}"#,
        "begins_with(x, :v)",
        r#"{":v": {"S": "order"}}"#,
        "holds",
    );
    check_condition(
        r#"{"SS": ["a", "b"]}"#,
        "contains(x, :v)",
        r#"{":v": {"S": "b"}}"#,
        "holds",
    );
    check_condition(
        r#"{"L": [{"N": "1"}]}"#,
        "contains(x, :v)",
        r#"{":v": {"N": "2"}}"#,
        "fails",
    );
    check_condition(
        r#"{"S": "abc"}"#,
        "size(x) = :v",
        r#"{":v": {"N": "3"}}"#,
        "holds",
    );
    check_condition(
        r#"{"M": {}}"#,
        "attribute_type(x, :v)",
        r#"{":v": {"S": "M"}}"#,
        "holds",
    );
    check_condition(
        r#"{"M": {"y": {"L": [{"S": "z"}]}}}"#,
        "x.y[0] = :v",
        r#"{":v": {"S": "z"}}"#,
        "holds",
    );
}

#[test]
fn not_binds_tighter_than_and_which_binds_tighter_than_or() {
    let x = r#"{"N": "1"}"#;
    check_condition(
        x,
        "attribute_exists(x) OR attribute_exists(y) AND attribute_exists(z)",
        "",
        "holds",
    );
    check_condition(
        x,
        "(attribute_exists(x) OR attribute_exists(y)) AND attribute_exists(z)",
        "",
        "fails",
    );
    check_condition(
        x,
        "NOT attribute_exists(y) AND attribute_exists(x)",
        "",
        "holds",
    );
    check_condition(
        x,
        "not (attribute_exists(x) and attribute_exists(y))",
        "",
        "holds",
    );
}

#[test]
fn wrong_expressions_are_refused_with_the_services_words() {
    let refused = |expression: &str, values: &str, message: &str| {
        check_condition(
            "",
            expression,
            values,
            &format!("ValidationException: {message}"),
        );
    };
    refused(
        "x = :v",
        "",
        "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :v",
    );
    refused(
        "#x = :v",
        r##"{":v": {"S": "1"}}"##,
        "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #x",
    );
    refused(
        "attribute_exists(x)",
        r#"{":v": {"S": "1"}}"#,
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
    );
    refused(
        "attribute_exists(status)",
        "",
        "Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status",
    );
    refused(
        "exists(x)",
        "",
        "Invalid ConditionExpression: Invalid function name; function: exists",
    );
    refused(
        "x =",
        "",
        "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"=\"",
    );
    refused(
        "",
        "",
        "Invalid ConditionExpression: The expression can not be empty;",
    );
}

#[test]
fn updates_change_what_they_name() {
    check_update(
        r#"{"N": "1"}"#,
        "SET x = :v",
        r#"{":v": {"S": "b"}}"#,
        r#"{"S": "b"}"#,
    );
    check_update(
        r#"{"N": "1"}"#,
        "SET x = x + :v",
        r#"{":v": {"N": "0.5"}}"#,
        r#"{"N": "1.5"}"#,
    );
    check_update(
        r#"{"N": "1"}"#,
        "SET x = x - :v",
        r#"{":v": {"N": "3"}}"#,
        r#"{"N": "-2"}"#,
    );
    check_update(
        r#"{"N": "1"}"#,
        "SET x = if_not_exists(x, :v)",
        r#"{":v": {"N": "9"}}"#,
        r#"{"N": "1"}"#,
    );
    check_update(
        r#"{"N": "1"}"#,
        "SET x = if_not_exists(y, :v)",
        r#"{":v": {"N": "9"}}"#,
        r#"{"N": "9"}"#,
    );
    check_update(
        r#"{"L": [{"N": "1"}]}"#,
        "SET x = list_append(x, :v)",
        r#"{":v": {"L": [{"N": "2"}]}}"#,
        r#"{"L": [{"N": "1"}, {"N": "2"}]}"#,
    );
    check_update(
        r#"{"L": [{"N": "1"}]}"#,
        "SET x[7] = :v",
        r#"{":v": {"N": "2"}}"#,
        r#"{"L": [{"N": "1"}, {"N": "2"}]}"#,
    );
    check_update(
        r#"{"M": {"y": {"N": "1"}}}"#,
        "SET x.z = :v REMOVE x.y",
        r#"{":v": {"N": "2"}}"#,
        r#"{"M": {"z": {"N": "2"}}}"#,
    );
    check_update(r#"{"N": "1"}"#, "REMOVE x", "", "null");
    check_update(
        r#"{"N": "1"}"#,
        "ADD x :v",
        r#"{":v": {"N": "2"}}"#,
        r#"{"N": "3"}"#,
    );
    check_update(
        r#"{"SS": ["a"]}"#,
        "ADD x :v",
        r#"{":v": {"SS": ["b", "a"]}}"#,
        r#"{"SS": ["a", "b"]}"#,
    );
    check_update(
        r#"{"SS": ["a", "b"]}"#,
        "DELETE x :v",
        r#"{":v": {"SS": ["b"]}}"#,
        r#"{"SS": ["a"]}"#,
    );
    check_update(
        r#"{"SS": ["a"]}"#,
        "DELETE x :v",
        r#"{":v": {"SS": ["a"]}}"#,
        "null",
    );
}

#[test]
fn updates_that_cannot_be_made_are_refused() {
    let x = r#"{"S": "a"}"#;
    let one = r#"{":v": {"N": "1"}}"#;
    check_update(
        x,
        "SET x = x + :v",
        one,
        "An operand in the update expression has an incorrect data type",
    );
    check_update(
        x,
        "SET x = y",
        "",
        "The provided expression refers to an attribute that does not exist in the item",
    );
    check_update(
        x,
        "SET y.z = :v",
        one,
        "The document path provided in the update expression is invalid for update",
    );
    check_update(
        x,
        "SET x = :v SET y = :v",
        one,
        "Invalid UpdateExpression: The \"SET\" section can only be used once in an update expression;",
    );
    check_update(
        x,
        "SET x = :v REMOVE x",
        one,
        "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [x], path two: [x]",
    );
    check_update(
        x,
        "ADD x :v",
        r#"{":v": {"S": "1"}}"#,
        "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
    );
}

#[test]
fn an_update_creates_the_item_it_names() {
    check(&[
        (
            "UpdateItem",
            r#"{"Key": A1, "UpdateExpression": "SET x = :v", "ExpressionAttributeValues": {":v": {"S": "new"}}, "ReturnValues": "UPDATED_NEW"}"#,
            r#"{"Attributes": {"x": {"S": "new"}}}"#,
        ),
        (
            "GetItem",
            r#"{"Key": A1, "ProjectionExpression": "x"}"#,
            r#"{"Item": {"x": {"S": "new"}}}"#,
        ),
    ]);
}

#[test]
fn queries_read_a_partition_in_the_order_of_its_sort_key() {
    let item = |customer: &str, number: &str, state: &str| {
        format!(
            r#"{{"Item": {{"customer": {{"S": "{customer}"}}, "number": {{"N": "{number}"}}, "state": {{"S": "{state}"}}}}}}"#
        )
    };
    let (first, second, third) = (
        item("a", "10", "new"),
        item("a", "9", "old"),
        item("b", "1", "new"),
    );
    let values = r##""ExpressionAttributeValues": {":v": {"S": "a"}}, "ProjectionExpression": "#n", "ExpressionAttributeNames": {"#n": "number"}"##;
    let all = format!(r#"{{"KeyConditionExpression": "customer = :v", {values}}}"#);
    let last = format!(
        r#"{{"KeyConditionExpression": "customer = :v", "ScanIndexForward": false, "Limit": 1, {values}}}"#
    );
    let by_state = r##"{"IndexName": "by-state", "KeyConditionExpression": "#s = :v AND #n < :n", "ExpressionAttributeNames": {"#n": "number", "#s": "state"}, "ExpressionAttributeValues": {":v": {"S": "new"}, ":n": {"N": "10"}}, "ProjectionExpression": "customer"}"##;
    check(&[
        ("PutItem", &first, "{}"),
        ("PutItem", &second, "{}"),
        ("PutItem", &third, "{}"),
        (
            "Query",
            &all,
            r#"{"Count": 2, "ScannedCount": 2, "Items": [{"number": {"N": "9"}}, {"number": {"N": "10"}}]}"#,
        ),
        (
            "Query",
            &last,
            r#"{"Count": 1, "ScannedCount": 1, "Items": [{"number": {"N": "10"}}], "LastEvaluatedKey": {"customer": {"S": "a"}, "number": {"N": "10"}}}"#,
        ),
        (
            "Query",
            by_state,
            r#"{"Count": 1, "ScannedCount": 1, "Items": [{"customer": {"S": "b"}}]}"#,
        ),
        (
            "Query",
            r##"{"KeyConditionExpression": "#n = :v", "ExpressionAttributeNames": {"#n": "number"}, "ExpressionAttributeValues": {":v": {"N": "1"}}}"##,
            "ValidationException: Query condition missed key schema element: customer",
        ),
    ]);
}

#[test]
fn a_transaction_writes_all_or_nothing() {
    let put = r#"{"Put": {"TableName": "Orders", "Item": {"customer": {"S": "b"}, "number": {"N": "1"}}}}"#;
    let check_there = r#"{"ConditionCheck": {"TableName": "Orders", "Key": A1, "ConditionExpression": "attribute_exists(customer)"}}"#;
    let both = format!(r#"{{"TransactItems": [{put}, {check_there}]}}"#);
    check(&[
        (
            "TransactWriteItems",
            &both,
            "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
        ),
        (
            "Scan",
            r#"{"Select": "COUNT"}"#,
            r#"{"Count": 0, "ScannedCount": 0}"#,
        ),
        ("PutItem", r#"{"Item": A1}"#, "{}"),
        ("TransactWriteItems", &both, "{}"),
        (
            "Scan",
            r#"{"Select": "COUNT"}"#,
            r#"{"Count": 2, "ScannedCount": 2}"#,
        ),
    ]);
}

#[test]
fn what_is_not_embedded_says_so() {
    check(&[(
        "CreateBackup",
        "{}",
        "UnknownOperationException: the embedded DynamoDB has no `CreateBackup`: name a service that has it with `--endpoint-url`",
    )]);
}
