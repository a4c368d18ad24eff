"""Drives a deployed stack through the AWS API, and prints what it saw as JSON.

    drive.py execute STACK STATE_MACHINE INPUT    one execution, to its end
    drive.py remains STACK                        what is there of a deleted stack
"""

import json
import sys
import time

import boto3

PATIENCE_S = 120
POLL_S = 0.05
# Messages are on their way for a moment after the execution has ended.
LAST_MESSAGE_S = 1.0


def physical_ids(stack, kind):
    """The resources of that kind in the stack: logical id → physical id."""
    resources = boto3.client("cloudformation").describe_stack_resources(StackName=stack)
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in resources["StackResources"]
        if each["ResourceType"] == kind
    }


def run(machine, input_text):
    """Starts an execution and waits until it has ended: its description."""
    states = boto3.client("stepfunctions")
    arn = states.start_execution(stateMachineArn=machine, input=input_text)["executionArn"]
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        execution = states.describe_execution(executionArn=arn)
        if execution["status"] != "RUNNING":
            return execution
        time.sleep(POLL_S)
    sys.exit(f"the execution did not end within {PATIENCE_S} s: {history(arn)}")


def history(arn):
    pages = boto3.client("stepfunctions").get_paginator("get_execution_history")
    return [event for page in pages.paginate(executionArn=arn) for event in page["events"]]


def entered(arn):
    """The names of the states that the execution entered."""
    details = (event.get("stateEnteredEventDetails") for event in history(arn))
    return [each["name"] for each in details if each]


def drain(queue):
    """Takes all messages from the queue: their bodies."""
    sqs = boto3.client("sqs")
    bodies = []
    deadline = time.monotonic() + LAST_MESSAGE_S
    while time.monotonic() < deadline:
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            bodies.append(message["Body"])
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return bodies


def items(table):
    return boto3.client("dynamodb").scan(TableName=table)["Items"]


def logged(since_ms):
    """Every line that any function or state machine logged since then."""
    logs = boto3.client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    return [
        event["message"]
        for group in groups
        for event in logs.filter_log_events(logGroupName=group, startTime=since_ms)["events"]
    ]


def execute(stack, machine, input_text):
    began_ms = int(time.time() * 1000)
    execution = run(physical_ids(stack, "AWS::StepFunctions::StateMachine")[machine], input_text)
    queues = physical_ids(stack, "AWS::SQS::Queue")
    tables = physical_ids(stack, "AWS::DynamoDB::Table")
    return {
        "status": execution["status"],
        "error": execution.get("error"),
        "cause": execution.get("cause"),
        "output": execution.get("output"),
        "states": entered(execution["executionArn"]),
        "messages": {name: drain(url) for name, url in queues.items()},
        "items": {name: items(table) for name, table in tables.items()},
        "logs": logged(began_ms),
    }


def remains(stack):
    """Whatever there is whose name tells that it was the stack's."""
    listed = [
        boto3.client("dynamodb").list_tables()["TableNames"],
        boto3.client("sqs").list_queues().get("QueueUrls", []),
        [each["TopicArn"] for each in boto3.client("sns").list_topics()["Topics"]],
        [each["FunctionName"] for each in boto3.client("lambda").list_functions()["Functions"]],
        [each["name"] for each in boto3.client("stepfunctions").list_state_machines()["stateMachines"]],
        [each["RoleName"] for each in boto3.client("iam").list_roles()["Roles"]],
        [each["logGroupName"] for each in boto3.client("logs").describe_log_groups()["logGroups"]],
        [
            each["StackName"]
            for each in boto3.client("cloudformation").describe_stacks()["Stacks"]
            if each["StackStatus"] != "DELETE_COMPLETE"
        ],
    ]
    return [name for names in listed for name in names if stack in name]


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    json.dump({"execute": execute, "remains": remains}[command](*arguments), sys.stdout)
