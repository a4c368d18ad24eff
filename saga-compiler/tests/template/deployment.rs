//! How a package is deployed: what holds for all resources, and what an author states.

use saga_compiler::compile;
use saga_manifest::Manifest;
use saga_manifest::deployment::{Deployment, Rollout};
use serde_json::{Value, json};

use super::Template;
use crate::manifest::{compensatable, fare_processing, line, options, pivot, saga, shown};

fn stated(change: impl FnOnce(&mut Deployment)) -> Manifest {
    let mut manifest = saga(vec![compensatable("Book"), pivot("Pay")]);
    manifest.deployment.place = Some(line(7));
    change(&mut manifest.deployment);
    manifest
}

/// Which value a condition leads to.
fn either(value: &Value, condition: &str) -> (Value, Value) {
    assert_eq!(value["Fn::If"][0], condition, "{value}");
    (value["Fn::If"][1].clone(), value["Fn::If"][2].clone())
}

fn key() -> Value {
    json!({ "Ref": "KmsKeyArn" })
}

fn nothing() -> Value {
    json!({ "Ref": "AWS::NoValue" })
}

#[test]
fn everything_that_keeps_data_is_encrypted_by_the_key_that_the_stack_is_given() {
    let template = Template::of(&fare_processing());
    let keyed = [
        (
            "AWS::DynamoDB::Table",
            "/SSESpecification/KMSMasterKeyId",
            nothing(),
        ),
        ("AWS::SQS::Queue", "/KmsMasterKeyId", nothing()),
        ("AWS::SNS::Topic", "/KmsMasterKeyId", json!("alias/aws/sns")),
        ("AWS::Logs::LogGroup", "/KmsKeyId", nothing()),
    ];
    for (kind, field, otherwise) in keyed {
        assert!(template.resources(kind).count() > 0, "{kind}");
        for (id, properties) in template.resources(kind) {
            let value = properties.pointer(field).unwrap_or_else(|| panic!("{id}"));
            assert_eq!(either(value, "HasKey"), (key(), otherwise.clone()), "{id}");
        }
    }
    for (id, queue) in template.resources("AWS::SQS::Queue") {
        let own = either(&queue["SqsManagedSseEnabled"], "HasKey");
        assert_eq!(own, (nothing(), json!(true)), "{id}");
    }
    let environment = &template.section("Globals")["Function"]["KmsKeyArn"];
    assert_eq!(either(environment, "HasKey"), (key(), nothing()));
}

/// A role uses the key for what it does elsewhere, and no other role does.
#[test]
fn roles_may_use_the_key_for_what_they_do() {
    let template = Template::of(&fare_processing());
    let cases = [
        (
            "FareProcessingStateMachineRole",
            json!(["kms:Decrypt", "kms:GenerateDataKey"]),
        ),
        ("ChargeFareFunctionRole", json!(["kms:Decrypt"])),
        ("FareProcessingRecoveryRuleRole", Value::Null),
    ];
    for (role, actions) in cases {
        assert_eq!(template.key_actions(role), actions, "{role}");
    }
}

#[test]
fn tables_are_protected_but_in_development() {
    let template = Template::of(&fare_processing());
    for (id, table) in template.resources("AWS::DynamoDB::Table") {
        let protected = either(&table["DeletionProtectionEnabled"], "IsProtected");
        assert_eq!(protected, (json!(true), json!(false)), "{id}");
        let recovery = &table["PointInTimeRecoverySpecification"];
        assert_eq!(recovery["PointInTimeRecoveryEnabled"], true, "{id}");
    }
    let condition = &template.section("Conditions")["IsProtected"]["Fn::Not"][0]["Fn::Equals"];
    assert_eq!(*condition, json!([{ "Ref": "Stage" }, "development"]));
    assert_eq!(
        template.section("Parameters")["Stage"]["Default"],
        "production"
    );
}

#[test]
fn every_role_takes_a_boundary() {
    let template = Template::of(&fare_processing());
    for (id, role) in template.resources("AWS::IAM::Role") {
        let boundary = either(&role["PermissionsBoundary"], "HasPermissionsBoundary");
        assert_eq!(
            boundary,
            (json!({ "Ref": "PermissionsBoundaryArn" }), nothing()),
            "{id}"
        );
    }
}

#[test]
fn queues_and_topics_take_nothing_without_tls() {
    let template = Template::of(&fare_processing());
    for (of, policies, list) in [
        ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"),
        ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"),
    ] {
        for (id, _) in template.resources(of) {
            let mut policies = template.resources(policies);
            let own = policies.find(|(_, policy)| policy[list] == json!([{ "Ref": id }]));
            let (_, policy) = own.unwrap_or_else(|| panic!("{id} has no policy"));
            let statements = policy["PolicyDocument"]["Statement"].as_array().unwrap();
            let denied = statements
                .iter()
                .find(|statement| statement["Effect"] == "Deny");
            let condition = &denied.unwrap()["Condition"]["Bool"]["aws:SecureTransport"];
            assert_eq!(*condition, false, "{id}");
        }
    }
}

#[test]
fn alarms_tell_of_what_does_not_end_as_it_should() {
    let template = Template::of(&fare_processing());
    let machine = json!({ "Ref": "FareProcessingStateMachine" });
    let failed = template.properties("FareProcessingStateMachineFailedAlarm");
    assert_eq!(failed["MetricName"], "ExecutionsFailed");
    assert_eq!(failed["Dimensions"][0]["Value"], machine);
    assert_eq!(failed["Threshold"], json!({ "Ref": "FailuresThatAlarm" }));
    let stopped = template.properties("FareProcessingStateMachineStoppedAlarm");
    let metrics = stopped["Metrics"].as_array().unwrap();
    let names = metrics
        .iter()
        .filter_map(|metric| metric["MetricStat"]["Metric"]["MetricName"].as_str());
    let expected = [
        "ExecutionsTimedOut",
        "ExecutionsAborted",
        "ExecutionThrottled",
    ];
    assert_eq!(names.collect::<Vec<_>>(), expected);
    // A recovery has no business failing.
    let recovery = template.properties("FareProcessingRecoveryFailedAlarm");
    assert_eq!(recovery["Threshold"], 1);
    let age = template.properties("ParkedQueueAgeAlarm");
    assert_eq!(age["MetricName"], "ApproximateAgeOfOldestMessage");
    let throttled = template.properties("FunctionsThrottledAlarm");
    let functions = template.resources("AWS::Serverless::Function").count();
    assert_eq!(
        throttled["Metrics"].as_array().unwrap().len(),
        1 + functions
    );
}

#[test]
fn a_dashboard_shows_every_machine_and_names_only_what_is_there() {
    let template = Template::of(&fare_processing());
    let body = &template.properties("Dashboard")["DashboardBody"]["Fn::Sub"];
    let body: Value = serde_json::from_str(body.as_str().unwrap()).unwrap();
    let text = body.to_string();
    for (id, _) in template.resources("AWS::StepFunctions::StateMachine") {
        assert!(text.contains(&format!("${{{id}}}")), "{id}");
    }
    for name in text.split("${").skip(1) {
        let name = name.split(['}', '.']).next().unwrap();
        if !name.starts_with("AWS::") {
            template.resource(name);
        }
    }
}

/// What an author states, where it is found, and what is there.
#[test]
fn what_is_stated_holds() {
    let memory = Template::of(&stated(|deployment| deployment.memory_mib = Some(512)));
    assert_eq!(memory.section("Parameters")["MemoryMiB"]["Default"], 512);
    let logs = Template::of(&stated(|deployment| {
        deployment.log_retention_days = Some(90)
    }));
    assert_eq!(
        logs.section("Parameters")["LogRetentionDays"]["Default"],
        90
    );
    let failures = Template::of(&stated(|deployment| {
        deployment.alarm_after_failures = Some(3)
    }));
    assert_eq!(
        failures.section("Parameters")["FailuresThatAlarm"]["Default"],
        3
    );
    let dark = Template::of(&stated(|deployment| deployment.without_dashboard = true));
    assert_eq!(dark.resources("AWS::CloudWatch::Dashboard").count(), 0);
    let tagged = Template::of(&stated(|deployment| {
        deployment.tags.insert("team".into(), "payments".into());
    }));
    let tag = json!({ "Key": "team", "Value": "payments" });
    let tags = tagged.properties("OrderStateMachine")["Tags"]
        .as_array()
        .unwrap();
    assert!(tags.contains(&tag), "{tags:?}");
}

#[test]
fn a_rollout_shifts_an_alias_and_back_when_an_alarm_is_raised() {
    let mut manifest = stated(|deployment| {
        deployment.rollout = Some(Rollout {
            percent: 10,
            minutes: 5,
            linear: false,
        });
    });
    manifest.sagas[0]
        .triggers
        .push(super::triggers::every_morning());
    let template = Template::of(&manifest);
    let alias = template.properties("OrderStateMachineAlias");
    let expected = json!({
        "StateMachineVersionArn": { "Ref": "OrderStateMachineVersion" },
        "Type": "CANARY",
        "Percentage": 10,
        "Interval": 5,
        "Alarms": [{ "Ref": "OrderStateMachineFailedAlarm" }, { "Ref": "OrderStateMachineStoppedAlarm" }],
    });
    assert_eq!(alias["DeploymentPreference"], expected);
    let version = template.resource("OrderStateMachineVersion");
    assert_eq!(version["DeletionPolicy"], "Retain");
    let revision = &version["Properties"]["StateMachineRevisionId"];
    assert_eq!(
        *revision,
        json!({ "Fn::GetAtt": "OrderStateMachine.StateMachineRevisionId" })
    );
    // What starts the saga does so by the alias.
    let live = json!({ "Ref": "OrderStateMachineAlias" });
    assert_eq!(template.properties("OrderSchedule")["Target"]["Arn"], live);
    assert_eq!(
        template.statements("OrderScheduleRole")[0]["Resource"],
        live
    );
}

#[test]
fn a_private_network_is_the_accounts() {
    let template = Template::of(&stated(|deployment| deployment.private_network = true));
    let network = &template.section("Globals")["Function"]["VpcConfig"];
    assert_eq!(network["SubnetIds"], json!({ "Ref": "SubnetIds" }));
    let parameters = template.section("Parameters");
    assert_eq!(
        parameters["SubnetIds"]["Type"],
        "List<AWS::EC2::Subnet::Id>"
    );
    let statements = template.statements("BookFunctionRole");
    assert!(
        statements
            .iter()
            .any(|statement| statement["Sid"] == "AttachToNetwork")
    );
    let skipped = template.resource("BookFunction")["Metadata"]["checkov"].to_string();
    assert!(!skipped.contains("CKV_AWS_117"), "{skipped}");
}

#[test]
fn what_lowers_protection_keeps_its_reason() {
    let template = Template::of(&stated(|deployment| {
        deployment.untraced = Some("the traces of the caller are enough".into());
        deployment.unrecoverable = Some("everything in it is computed anew each night".into());
    }));
    let machine = template.properties("OrderStateMachine");
    assert_eq!(machine["TracingConfiguration"]["Enabled"], false);
    let statements = template.statements("OrderStateMachineRole");
    assert!(
        !statements
            .iter()
            .any(|statement| statement["Sid"] == "Trace")
    );
    let table = template.resource("FenceTable");
    let skip = &table["Metadata"]["checkov"]["skip"][0];
    assert_eq!(skip["id"], "CKV_AWS_28");
    assert_eq!(
        skip["comment"],
        "everything in it is computed anew each night"
    );
}

#[test]
fn reserved_concurrency_is_the_handlers() {
    let mut manifest = stated(|_| {});
    manifest.handlers[0].concurrency = Some(10);
    let template = Template::of(&manifest);
    assert_eq!(
        template.properties("BookFunction")["ReservedConcurrentExecutions"],
        10
    );
    let skipped = template.resource("BookFunction")["Metadata"]["checkov"].to_string();
    assert!(!skipped.contains("CKV_AWS_115"), "{skipped}");
}

/// What is stated, and what is said of it.
type Mistake = (fn(&mut Deployment), &'static str);

const MISTAKES: [Mistake; 9] = [
    (
        |d| {
            d.rollout = Some(Rollout {
                percent: 100,
                minutes: 5,
                linear: true,
            })
        },
        "is 100 percent",
    ),
    (
        |d| {
            d.rollout = Some(Rollout {
                percent: 10,
                minutes: 0,
                linear: true,
            })
        },
        "is 0 minutes",
    ),
    (
        |d| d.memory_mib = Some(64),
        "the memory of `the package` is 64 MiB",
    ),
    (
        |d| d.log_retention_days = Some(31),
        "CloudWatch Logs keeps no logs for 31 days",
    ),
    (|d| d.alarm_after_failures = Some(0), "would never end"),
    (|d| d.untraced = Some(" ".into()), "without a reason"),
    (
        |d| d.unrecoverable = Some(String::new()),
        "without a reason",
    ),
    (
        |d| {
            d.tags.insert("saga:stage".into(), "x".into());
        },
        "`saga:` is taken",
    ),
    (
        |d| {
            d.tags.insert(String::new(), "x".into());
        },
        "is too long, or has no name",
    ),
];

#[test]
fn mistakes_are_told_where_they_are_stated() {
    for (change, message) in MISTAKES {
        let mistakes = compile(&stated(change), &options()).unwrap_err();
        let shown = shown(&mistakes);
        assert!(
            shown.contains(message) && shown.contains("src/saga.rs:7:9"),
            "{shown}"
        );
    }
}
