//! Parameters: what differs from one stack of a package to the next.

use saga_manifest::deployment::Deployment;

use crate::yaml::{Yaml, list, map};

/// Days that logs are kept.
pub(super) const LOG_RETENTION: &str = "LogRetentionDays";
/// Which stage it is.
pub(super) const STAGE: &str = "Stage";
/// The stage whose data may be deleted.
pub(super) const UNPROTECTED: &str = "development";
/// Memory of functions that state none.
pub(super) const MEMORY: &str = "MemoryMiB";
/// The key that encrypts what is kept.
pub(super) const KEY: &str = "KmsKeyArn";
/// The boundary of all roles.
pub(super) const BOUNDARY: &str = "PermissionsBoundaryArn";
/// The topic that alarms are sent to.
pub(super) const ALARM_TOPIC: &str = "AlarmTopicArn";
/// Failures that raise an alarm.
pub(super) const FAILURES: &str = "FailuresThatAlarm";
/// How long a parked saga may wait.
pub(super) const PARKED_FOR: &str = "ParkedSecondsThatAlarm";
/// The subnets of the functions.
pub(super) const SUBNETS: &str = "SubnetIds";
/// The security groups of the functions.
pub(super) const SECURITY_GROUPS: &str = "SecurityGroupIds";

/// What a parameter holds that holds no ARN: something, since linters ask of what refers to it that it is not empty.
pub(super) const NONE: &str = "none";
/// The same for the key: an ARN of a key as linters ask for, that there is none of.
pub(super) const NO_KEY: &str = "arn:aws:kms:none:000000000000:key/none";
/// The same for the boundary, which linters want longer.
pub(super) const NO_BOUNDARY: &str = "no-permissions-boundary";

/// The periods that CloudWatch Logs offers up to two years (API reference, `PutRetentionPolicy`).
pub(crate) const PERIODS: [u32; 15] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731,
];

const DEFAULT_PERIOD: u32 = 30;

/// Memory in MiB where nobody states any. Processor time grows with it.
const DEFAULT_MEMORY: u32 = 256;

/// Executions in five minutes: a handful are refused cards, many are a failing service.
const DEFAULT_FAILURES: u32 = 10;

/// Seconds until whoever did not hear the first alarm of a parked saga hears another.
const DEFAULT_PARKED_FOR: u32 = 3_600;

/// The parameters of every stack.
pub(super) fn of_every_stack(deployment: &Deployment) -> [(String, Yaml); 4] {
    let about = "Which stage it is: a tag. In development, tables are not protected from deletion.";
    let stage = map([
        ("Type", "String".into()),
        ("Description", about.into()),
        ("Default", "production".into()),
        (
            "AllowedValues",
            list(["production", "staging", UNPROTECTED]),
        ),
    ]);
    let days = deployment.log_retention_days.unwrap_or(DEFAULT_PERIOD);
    let retention = map([
        ("Type", "Number".into()),
        ("Description", "Days that logs are kept.".into()),
        ("Default", days.into()),
        ("AllowedValues", list(PERIODS)),
    ]);
    let key = "ARN of a key that encrypts tables, queues, topics, logs and environments, and that its policy lets the \
               services logs, sns and events use; left as it is: AWS's own keys do.";
    let boundary =
        "ARN of a policy that bounds every role; `no-permissions-boundary`: they have none.";
    [
        (STAGE.to_owned(), stage),
        (LOG_RETENTION.to_owned(), retention),
        (KEY.to_owned(), optional(key, NO_KEY)),
        (BOUNDARY.to_owned(), optional(boundary, NO_BOUNDARY)),
    ]
}

/// The memory of functions.
pub(super) fn memory(deployment: &Deployment) -> Yaml {
    let about = "Memory in MiB of functions whose steps state none.";
    let default = deployment.memory_mib.unwrap_or(DEFAULT_MEMORY);
    number(about, default, 128, Some(10_240))
}

pub(super) fn alarm_topic() -> Yaml {
    optional_arn("ARN of a topic that alarms are sent to; `none`: they only show.")
}

pub(super) fn failures(deployment: &Deployment) -> Yaml {
    let about =
        "So many failed executions in five minutes raise an alarm, compensated ones among them.";
    let default = deployment.alarm_after_failures.unwrap_or(DEFAULT_FAILURES);
    number(about, default, 1, None)
}

pub(super) fn parked_for() -> Yaml {
    let about =
        "Seconds that a parked saga may wait for an operator until an alarm is raised once more.";
    number(about, DEFAULT_PARKED_FOR, 60, None)
}

pub(super) fn subnets() -> Yaml {
    ids(
        "List<AWS::EC2::Subnet::Id>",
        "Subnets that the functions run in.",
    )
}

pub(super) fn security_groups() -> Yaml {
    let about = "Security groups of the functions.";
    ids("List<AWS::EC2::SecurityGroup::Id>", about)
}

/// A parameter without a default.
pub(super) fn text(description: &str) -> Yaml {
    ids("String", description)
}

fn ids(kind: &str, description: &str) -> Yaml {
    map([("Type", kind.into()), ("Description", description.into())])
}

fn optional_arn(description: &str) -> Yaml {
    optional(description, NONE)
}

fn optional(description: &str, none: &str) -> Yaml {
    map([
        ("Type", "String".into()),
        ("Description", description.into()),
        ("Default", none.into()),
    ])
}

fn number(description: &str, default: u32, least: u32, greatest: Option<u32>) -> Yaml {
    let head = [
        ("Type", Yaml::from("Number")),
        ("Description", description.into()),
        ("Default", default.into()),
        ("MinValue", least.into()),
    ];
    let greatest = greatest.map(|greatest| ("MaxValue", Yaml::from(greatest)));
    map(head.into_iter().chain(greatest))
}
