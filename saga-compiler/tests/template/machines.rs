//! State machines and what is around them.

use saga_compiler::Definitions;
use saga_manifest::Manifest;
use saga_manifest::saga::{HistoryKey, KeySource, SensitiveField, SensitiveForm};
use serde_json::json;

use super::{Template, json_of};
use crate::manifest::{compensatable, fare_processing, options, pivot, saga};

const ID: &str = "FareProcessingStateMachine";

#[test]
fn a_machine_logs_everything_and_traces() {
    let template = Template::of(&fare_processing());
    let machine = template.properties(ID);
    assert_eq!(machine["StateMachineType"], "STANDARD");
    assert_eq!(machine["TracingConfiguration"]["Enabled"], true);
    let logging = &machine["LoggingConfiguration"];
    assert_eq!(logging["Level"], "ALL");
    let group = &logging["Destinations"][0]["CloudWatchLogsLogGroup"]["LogGroupArn"];
    assert_eq!(group, &json!({ "Fn::GetAtt": format!("{ID}LogGroup.Arn") }));
    let name = &template.properties(&format!("{ID}LogGroup"))["LogGroupName"];
    let expected = "/aws/vendedlogs/states/${AWS::StackName}-FareProcessing";
    assert_eq!(name, &json!({ "Fn::Sub": expected }));
}

/// Even a token says whose card it is, and a log is read by more people than a history.
#[test]
fn data_is_logged_only_where_none_of_it_is_sensitive() {
    let logged = |manifest: &Manifest, id: &str| {
        let template = Template::of(manifest);
        template.properties(id)["LoggingConfiguration"]["IncludeExecutionData"].clone()
    };
    assert_eq!(logged(&fare_processing(), ID), false);
    assert_eq!(
        logged(&saga(vec![compensatable("Book")]), "OrderStateMachine"),
        true
    );
}

#[test]
fn what_a_definition_names_the_template_gives() {
    let template = Template::of(&fare_processing());
    let expected = json!({
        "ChargeFareFunctionArn": { "Ref": "ChargeFareFunction.Version" },
        "CreditCustomerAccountFunctionArn": { "Ref": "CreditCustomerAccountFunction.Version" },
        "FareTransactionsTopicArn": { "Ref": "FareTransactionsTopic" },
        "FaresTableName": { "Ref": "FaresTable" },
        "ParkedQueueUrl": { "Ref": "ParkedQueue" },
        "RefundFareFunctionArn": { "Ref": "RefundFareFunction.Alias" },
    });
    let machine = template.properties(ID);
    assert_eq!(machine["DefinitionSubstitutions"], expected);
    let mut definition = machine["Definition"].to_string();
    for name in expected.as_object().unwrap().keys() {
        let substitution = format!("${{{name}}}");
        assert!(definition.contains(&substitution), "{name}");
        definition = definition.replace(&substitution, "");
    }
    assert!(!definition.contains("${"), "no other substitution");
}

/// A history that holds sensitive data in clear is encrypted, its data is not logged, and the machine
/// may use the key.
#[test]
fn a_key_encrypts_the_history_and_the_data_is_not_logged() {
    let mut manifest = saga(vec![compensatable("Book"), pivot("Pay")]);
    let order = &mut manifest.sagas[0];
    let field = SensitiveField {
        path: vec!["card".into()],
        form: SensitiveForm::Clear,
    };
    order.input.sensitive.push(field);
    order.history_key = Some(HistoryKey {
        key: KeySource::Created,
        reason: "the provider takes card numbers only".into(),
    });
    let template = Template::of(&manifest);
    let machine = template.properties("OrderStateMachine");
    let key = json!({ "Fn::GetAtt": "OrderHistoryKey.Arn" });
    assert_eq!(machine["EncryptionConfiguration"]["KmsKeyId"], key);
    assert_eq!(
        machine["LoggingConfiguration"]["IncludeExecutionData"],
        false
    );
    let reason = &template.resource("OrderStateMachine")["Metadata"]["HistoryKeyReason"];
    assert_eq!(reason, "the provider takes card numbers only");
    let statements = template.statements("OrderStateMachineRole");
    let statement = statements
        .iter()
        .find(|s| s["Sid"] == "EncryptHistory")
        .unwrap();
    assert_eq!(
        statement["Action"],
        json!(["kms:Decrypt", "kms:GenerateDataKey"])
    );
    assert_eq!(statement["Resource"], key);
}

#[test]
fn a_key_that_exists_is_given_by_parameter() {
    let mut manifest = saga(vec![compensatable("Book"), pivot("Pay")]);
    manifest.sagas[0].history_key = Some(HistoryKey {
        key: KeySource::Parameter("HistoryKeyArn".into()),
        reason: "the provider takes card numbers only".into(),
    });
    let template = Template::of(&manifest);
    assert_eq!(
        template.section("Parameters")["HistoryKeyArn"]["Type"],
        "String"
    );
    let machine = template.properties("OrderStateMachine");
    assert_eq!(
        machine["EncryptionConfiguration"]["KmsKeyId"],
        json!({ "Ref": "HistoryKeyArn" })
    );
    assert_eq!(template.resources("AWS::KMS::Key").count(), 0);
}

#[test]
fn a_definition_may_stand_in_a_file_of_its_own() {
    let mut options = options();
    options.definitions = Definitions::Files;
    let output = saga_compiler::compile(&fare_processing(), &options).unwrap();
    let template = Template(json_of(&output.template));
    assert_eq!(
        template.resource(ID)["Type"],
        "AWS::Serverless::StateMachine"
    );
    let machine = template.properties(ID);
    assert_eq!(machine["DefinitionUri"], "FareProcessing.asl.json");
    let files = output.definitions[0].files();
    let (names, texts): (Vec<_>, Vec<_>) = files.unzip();
    assert_eq!(
        names,
        ["FareProcessing.asl.json", "FareProcessingRecovery.asl.json"]
    );
    assert_eq!(
        template.properties("FareProcessingRecovery")["DefinitionUri"],
        names[1]
    );
    assert!(texts[0].starts_with("{\n  \"Comment\""), "{}", texts[0]);
    assert_eq!(machine.get("Definition"), None);
    assert_eq!(machine["Logging"]["Level"], "ALL");
}

#[test]
fn parked_sagas_raise_an_alarm() {
    let template = Template::of(&fare_processing());
    let alarm = template.properties("ParkedQueueAlarm");
    assert_eq!(alarm["MetricName"], "ApproximateNumberOfMessagesVisible");
    assert_eq!(
        alarm["Dimensions"][0]["Value"],
        json!({ "Fn::GetAtt": "ParkedQueue.QueueName" })
    );
    assert_eq!(alarm["Threshold"], 1);
    assert_eq!(
        template.properties("ParkedQueue")["MessageRetentionPeriod"],
        1_209_600
    );
}

#[test]
fn everything_that_takes_tags_says_whose_it_is() {
    let template = Template::of(&fare_processing());
    let tagless = [
        "AWS::SNS::Subscription",
        "AWS::SQS::QueuePolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::Serverless::Function",
    ];
    for (id, resource) in template.section("Resources").as_object().unwrap() {
        let kind = resource["Type"].as_str().unwrap();
        if !tagless.contains(&kind) {
            let tag = json!({ "Key": "saga:package", "Value": "fare-processing" });
            let tags = resource["Properties"]["Tags"].as_array();
            assert!(tags.is_some_and(|tags| tags.contains(&tag)), "{id}");
        }
    }
    let globals = &template.section("Globals")["Function"]["Tags"];
    assert_eq!(globals["saga:package"], "fare-processing");
}

#[test]
fn only_log_groups_have_names() {
    let template = Template::of(&fare_processing());
    let names = [
        "TableName",
        "TopicName",
        "QueueName",
        "RoleName",
        "FunctionName",
        "AlarmName",
        "DashboardName",
    ];
    for (id, resource) in template.section("Resources").as_object().unwrap() {
        for name in names.into_iter().chain(["StateMachineName"]) {
            assert_eq!(resource["Properties"].get(name), None, "{id} has a {name}");
        }
    }
}

/// Sagas of one package share their handlers and the queues of the parked and of what could not be delivered.
#[test]
fn sagas_of_one_package_share_what_they_have_in_common() {
    let mut manifest = saga(vec![compensatable("Book"), pivot("Pay")]);
    let mut other = manifest.sagas[0].clone();
    other.name = "Return".into();
    manifest.sagas.push(other);
    let template = Template::of(&manifest);
    let machines = template
        .resources("AWS::StepFunctions::StateMachine")
        .map(|(id, _)| id);
    assert_eq!(
        machines.collect::<Vec<_>>(),
        [
            "OrderStateMachine",
            "OrderRecovery",
            "ReturnStateMachine",
            "ReturnRecovery"
        ]
    );
    assert_eq!(template.resources("AWS::Serverless::Function").count(), 3);
    assert_eq!(template.resources("AWS::SQS::Queue").count(), 2);
    let policy = template.properties("RecoveryDeadLettersPolicy");
    let deliver = &policy["PolicyDocument"]["Statement"][0];
    let rules = ["OrderRecoveryRule.Arn", "ReturnRecoveryRule.Arn"];
    let rules = rules.map(|rule| json!({ "Fn::GetAtt": rule }));
    let sources = &deliver["Condition"]["ArnEquals"]["aws:SourceArn"];
    assert_eq!(*sources, json!(rules));
}

#[test]
fn a_machine_that_names_nothing_has_no_substitutions() {
    let template = Template::of(&saga(Vec::new()));
    let machine = template.properties("OrderStateMachine");
    assert_eq!(machine.get("DefinitionSubstitutions"), None);
}
