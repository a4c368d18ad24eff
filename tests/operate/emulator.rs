//! The same commands through the real command line of AWS, on an emulator. It has no redrives, and its histories do
//! not say what tasks were handed.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::tools;
use crate::tools::emulator::{Access, Emulator};
use crate::tools::pins::{AWS_CLI, MINISTACK};
use crate::tools::process;
use crate::tools::trial::Stop;

/// A command may be slow on a busy machine: each of its requests is a process.
const LIMIT: Duration = Duration::from_secs(120);

struct Cloud {
    emulator: Emulator,
    path: String,
}

impl Cloud {
    fn run(&self, mut command: Command) -> Result<process::Ran, String> {
        self.emulator.serve(&mut command).env("PATH", &self.path);
        process::run(&mut command, LIMIT)
    }

    /// What AWS's command line prints.
    fn aws(&self, line: &str) -> Result<String, Stop> {
        let mut command = AWS_CLI.installed()?.python_script("aws");
        command
            .args(line.split(' '))
            .current_dir(tools::workspace());
        let ran = self.run(command).and_then(process::Ran::success)?;
        Ok(ran.stdout.trim().to_owned())
    }

    fn saga(&self, line: &str) -> Result<process::Ran, Stop> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_saga-cli"));
        command.args(line.split(' '));
        Ok(self.run(command)?)
    }
}

/// A stack whose executions end completed, compensated and parked.
pub fn check() -> Result<(), Stop> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let told = |error: std::io::Error| Stop::Failed(error.to_string());
    // Its own script names an interpreter where it was installed, and it was moved.
    let bin = AWS_CLI.installed()?.bin();
    let bin = bin.display();
    let aws = folder.path().join("aws");
    let script = format!("#!/bin/sh\nexec {bin}/python {bin}/aws \"$@\"\n");
    fs::write(&aws, script).map_err(told)?;
    fs::set_permissions(&aws, Permissions::from_mode(0o755)).map_err(told)?;
    let cloud = Cloud {
        emulator: Emulator::start(MINISTACK.installed()?, folder.path(), Access::Open)?,
        path: format!("{}:/usr/bin:/bin", folder.path().display()),
    };
    let template = Path::new("tests/operate/stack.json").display();
    cloud.aws(&format!(
        "cloudformation create-stack --stack-name orders --template-body file://{template}"
    ))?;
    cloud.aws("cloudformation wait stack-create-complete --stack-name orders")?;
    let arn =
        "stepfunctions list-state-machines --query stateMachines[0].stateMachineArn --output text";
    let machine = cloud.aws(arn)?;
    for how in ["done", "undone", "stuck"] {
        cloud.aws(&format!(
            "stepfunctions start-execution --state-machine-arn {machine} --name {how} --input {{\"how\":\"{how}\"}}"
        ))?;
    }
    let deadline = Instant::now() + LIMIT;
    let status = loop {
        let status = cloud.saga("status --stack orders")?.success()?.stdout;
        if status.contains(" 0 running") || Instant::now() > deadline {
            break status;
        }
    };
    let parked = cloud.saga("parked --stack orders")?.success()?.stdout;
    // It is asked for, and refused: this emulator has no such action.
    let redriven = cloud.saga("redrive --stack orders stuck done --yes")?;
    let missing = cloud.saga("status --stack order")?;
    for (said, says) in [
        (
            &status,
            "1 parked, 0 failed, 0 running, 1 compensated, 1 completed",
        ),
        (
            &status,
            "stuck  UndoChargeParked: DynamoDB.ResourceNotFoundException",
        ),
        (
            &parked,
            "go on      saga-cli redrive --stack orders arn:aws:states:",
        ),
        (&parked, "1 saga waits for you"),
        (&redriven.stdout, "Orders is parked in UndoChargeParked"),
        (&redriven.stdout, "it is completed"),
        (
            &redriven.stdout,
            "when calling the RedriveExecution operation",
        ),
        (
            &missing.stderr,
            "when calling the ListStackResources operation",
        ),
    ] {
        if !said.contains(says) {
            return Err(Stop::Failed(format!("`{says}` is not in:\n{said}")));
        }
    }
    Ok(())
}
