"""Drives a deployed stack through the AWS API, and prints what it saw as JSON.

    drive.py execute STACK STATE_MACHINE INPUT    one execution, to its end
    drive.py denied STACK STATE_MACHINE           what its states call and its role forbids
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


def drain(queues):
    """Takes all messages from the queues: their bodies."""
    sqs = boto3.client("sqs")
    bodies = {name: [] for name in queues}
    deadline = time.monotonic() + LAST_MESSAGE_S
    while time.monotonic() < deadline:
        for name, url in queues.items():
            for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
                bodies[name].append(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
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
        "messages": drain(queues),
        "items": {name: items(table) for name, table in tables.items()},
        "logs": logged(began_ms),
    }


def tasks(states):
    """Every Task state, those in branches and items too."""
    for state in states.values():
        if state["Type"] == "Task":
            yield state
        for inner in [*state.get("Branches", []), state.get("ItemProcessor", {})]:
            yield from tasks(inner.get("States", {}))


def needs(task, account):
    """The action and the resource that the task's role must allow."""
    service, action = task["Resource"].split(":::")[1].split(":")
    arguments = task["Arguments"]
    here = f"arn:aws:{service}:{boto3.session.Session().region_name}:{account}"
    return {
        "dynamodb": lambda: (action[0].upper() + action[1:], f"{here}:table/{arguments['TableName']}"),
        "lambda": lambda: ("InvokeFunction", arguments["FunctionName"]),
        "sns": lambda: ("Publish", arguments["TopicArn"]),
        "sqs": lambda: ("SendMessage", f"{here}:{arguments['QueueUrl'].rsplit('/', 1)[1]}"),
    }[service]()


def denied(stack, machine):
    """Asks IAM about each call in the deployed definition."""
    arn = physical_ids(stack, "AWS::StepFunctions::StateMachine")[machine]
    deployed = boto3.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
    refused = []
    for task in tasks(json.loads(deployed["definition"])["States"]):
        action, resource = needs(task, arn.split(":")[4])
        answer = boto3.client("iam").simulate_principal_policy(
            PolicySourceArn=deployed["roleArn"],
            ActionNames=[f"{task['Resource'].split(':')[-2]}:{action}"],
            ResourceArns=[resource],
        )
        if answer["EvaluationResults"][0]["EvalDecision"] != "allowed":
            refused.append(f"{action} on {resource}")
    return refused


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
    commands = {"execute": execute, "denied": denied, "remains": remains}
    json.dump(commands[command](*arguments), sys.stdout)
