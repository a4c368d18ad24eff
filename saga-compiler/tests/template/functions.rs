//! Functions of handlers.

use saga_manifest::Manifest;
use saga_manifest::handler::{
    Access, Handler, ResourceKind, Secret, SecretSource, Use, Variable, VariableValue,
};
use saga_manifest::resource::{Index, Key, KeyKind};
use serde_json::{Value, json};

use super::Template;
use crate::manifest::{compensatable, saga, table};

/// A saga whose handler `Book` is changed.
fn with_handler(change: impl FnOnce(&mut Handler)) -> Manifest {
    let mut manifest = saga(vec![compensatable("Book")]);
    let book = manifest
        .handlers
        .iter_mut()
        .find(|handler| handler.name == "Book");
    change(book.unwrap());
    manifest
}

#[track_caller]
fn statement(template: &Template, sid: &str) -> Value {
    let statements = template.statements("BookFunctionRole");
    let found = statements.iter().find(|statement| statement["Sid"] == sid);
    found
        .unwrap_or_else(|| panic!("no `{sid}` in {statements:?}"))
        .clone()
}

#[test]
fn one_binary_serves_every_handler_under_its_name() {
    let template = Template::of(&with_handler(|handler| {
        handler.description = Some("Books a seat\non a train.\n\nMore.".into());
        handler.memory_mib = Some(512);
        handler.timeout_seconds = 20;
    }));
    let function = template.properties("BookFunction");
    assert_eq!(function["Handler"], "Book");
    assert_eq!(function["Timeout"], 20);
    assert_eq!(function["MemorySize"], 512);
    assert_eq!(function["Description"], "Books a seat on a train.");
    assert_eq!(function["LoggingConfig"]["LogFormat"], "JSON");
    let build = &template.resource("BookFunction")["Metadata"];
    assert_eq!(build["BuildMethod"], "rust-cargolambda");
    assert_eq!(build["BuildProperties"]["Binary"], "fare-processing");
    let globals = &template.section("Globals")["Function"];
    assert_eq!(globals["CodeUri"], "examples/fare-processing");
    assert_eq!(globals["Runtime"], "provided.al2023");
    assert_eq!(globals["Architectures"], json!(["x86_64"]));
    assert_eq!(globals["Tracing"], "Active");
}

#[test]
fn a_function_that_uses_nothing_may_log_trace_and_keep_its_fence() {
    let template = Template::of(&saga(vec![compensatable("Book")]));
    let sids: Vec<_> = template
        .statements("BookFunctionRole")
        .iter()
        .map(|s| &s["Sid"])
        .collect();
    assert_eq!(sids, ["Log", "Trace", "UseFences"]);
    let log = statement(&template, "Log");
    assert_eq!(
        log["Resource"],
        json!({ "Fn::GetAtt": "BookFunctionLogGroup.Arn" })
    );
    assert_eq!(
        log["Action"],
        json!(["logs:CreateLogStream", "logs:PutLogEvents"])
    );
}

/// A saga whose handler reads variables, secrets and a table with an index.
fn equipped() -> Manifest {
    let mut manifest = with_handler(|handler| {
        let variable = |name: &str, value| Variable {
            name: name.into(),
            value,
        };
        let secret = |name: &str, source| Secret {
            variable: name.into(),
            source,
        };
        handler.environment = vec![
            variable("MODE", VariableValue::Literal("test".into())),
            variable("URL", VariableValue::Parameter("ProviderUrl".into())),
        ];
        handler.secrets = vec![
            secret("KEY", SecretSource::SecretsManager("payments/key".into())),
            secret("PIN", SecretSource::Ssm("/payments/pin".into())),
        ];
        handler.uses = vec![Use {
            resource: "Seats".into(),
            kind: ResourceKind::Table,
            access: vec![Access::Get, Access::Query],
        }];
    });
    let mut seats = table("Seats", "id");
    let key = Key {
        name: "train".into(),
        kind: KeyKind::Number,
    };
    seats.indexes = vec![Index {
        name: "byTrain".into(),
        partition_key: key,
        sort_key: None,
    }];
    manifest.tables.push(seats);
    manifest
}

#[test]
fn a_function_gets_its_variables_the_names_of_its_secrets_and_its_resources() {
    let template = Template::of(&equipped());
    let expected = json!({
        "MODE": "test",
        "URL": { "Ref": "ProviderUrl" },
        "KEY": "payments/key",
        "PIN": "/payments/pin",
        "SAGA_TABLE_Seats": { "Ref": "SeatsTable" },
        "SAGA_FENCE_TABLE": { "Ref": "FenceTable" },
    });
    assert_eq!(
        template.properties("BookFunction")["Environment"]["Variables"],
        expected
    );
    assert_eq!(
        template.section("Parameters")["ProviderUrl"]["Type"],
        "String"
    );
}

#[test]
fn a_function_may_use_what_it_names_and_nothing_else() {
    let template = Template::of(&equipped());
    let sids: Vec<_> = template
        .statements("BookFunctionRole")
        .iter()
        .map(|s| &s["Sid"])
        .collect();
    let expected = [
        "Log",
        "Trace",
        "UseSeatsTable",
        "QuerySeatsTableIndexes",
        "ReadSecret1",
        "ReadSecret2",
        "UseFences",
    ];
    assert_eq!(sids, expected);
    let table = statement(&template, "UseSeatsTable");
    assert_eq!(
        table["Action"],
        json!(["dynamodb:GetItem", "dynamodb:Query"])
    );
    assert_eq!(table["Resource"], json!({ "Fn::GetAtt": "SeatsTable.Arn" }));
    let indexes = statement(&template, "QuerySeatsTableIndexes");
    assert_eq!(indexes["Action"], json!(["dynamodb:Query"]));
    let secret = statement(&template, "ReadSecret1");
    assert_eq!(secret["Action"], json!(["secretsmanager:GetSecretValue"]));
    let account = "${AWS::Region}:${AWS::AccountId}";
    let arn =
        format!("arn:${{AWS::Partition}}:secretsmanager:{account}:secret:payments/key-??????");
    assert_eq!(secret["Resource"], json!({ "Fn::Sub": arn }));
    let pin = statement(&template, "ReadSecret2");
    assert_eq!(pin["Action"], json!(["ssm:GetParameter"]));
    let arn = format!("arn:${{AWS::Partition}}:ssm:{account}:parameter/payments/pin");
    assert_eq!(pin["Resource"], json!({ "Fn::Sub": arn }));
}

#[test]
fn a_handler_that_no_saga_invokes_gets_no_function() {
    let mut manifest = saga(vec![compensatable("Book")]);
    manifest.handlers.push(crate::manifest::handler("Other"));
    let template = Template::of(&manifest);
    let functions: Vec<_> = template
        .resources("AWS::Serverless::Function")
        .map(|(id, _)| id)
        .collect();
    assert_eq!(functions, ["BookFunction", "RevertBookFunction"]);
}
