"""Drives a deployed stack through the AWS API, and prints what it saw as JSON.

    drive.py executions STACK STARTS           executions, one after another, each to its end
    drive.py crowd STACK STATE_MACHINE N STARTS  executions, N at a time
    drive.py denied STACK                      what its state machines call and their roles forbid
    drive.py definitions STACK                 the definitions of its state machines
    drive.py resources STACK                   logical ids and what they are called
    drive.py outputs STACK                     the outputs
    drive.py rows STACK                        the items in its tables
    drive.py messages STACK                    the messages in its queues, which are taken from them
    drive.py methods STACK API                 the methods of an API, as they are deployed
    drive.py sync STACK STATE_MACHINE INPUT    one execution of an express state machine
    drive.py publish SOURCE TYPE DETAIL        an event on the default bus
    drive.py ended STACK STATE_MACHINE NAME    how the execution of that name ends
    drive.py secret NAME VALUE                 a parameter with a secret
    drive.py remains STACK                     what is there of a deleted stack

STARTS is JSON, `[[STATE_MACHINE, INPUT], …]`; of a crowd `[[NAME, INPUT], …]`.
"""

import functools
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

PATIENCE_S = 120
POLL_S = 0.05
# Messages are on their way for a moment after the execution has ended.
LAST_MESSAGE_S = 0.5


@functools.cache
def client(service):
    """One for all calls: to make one takes longer than to use it."""
    # What AWS serves under a host of its own has none here.
    return boto3.client(service, config=Config(inject_host_prefix=False, max_pool_connections=50))


def physical_ids(stack, kind):
    """The resources of that kind in the stack: logical id → physical id."""
    resources = client("cloudformation").describe_stack_resources(StackName=stack)
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in resources["StackResources"]
        if each["ResourceType"] == kind
    }


def run(machine, given, **named):
    """Starts an execution and waits until it has ended: its description."""
    states = client("stepfunctions")
    arn = states.start_execution(stateMachineArn=machine, input=json.dumps(given), **named)["executionArn"]
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        execution = states.describe_execution(executionArn=arn)
        if execution["status"] != "RUNNING":
            return execution
        time.sleep(POLL_S)
    sys.exit(f"the execution did not end within {PATIENCE_S} s: {history(arn)}")


def history(arn):
    pages = client("stepfunctions").get_paginator("get_execution_history")
    return [event for page in pages.paginate(executionArn=arn) for event in page["events"]]


def told(event):
    """What our engine tells, too, in its words; nothing of the rest."""
    kind = event["type"]
    if kind.endswith("StateEntered"):
        detail = event["stateEnteredEventDetails"]
        return {"entered": [detail["name"], json.loads(detail["input"])]}
    if kind.endswith("StateExited"):
        detail = event["stateExitedEventDetails"]
        return {"exited": [detail["name"], json.loads(detail["output"])]}
    if kind == "TaskSucceeded":
        return {"succeeded": json.loads(event["taskSucceededEventDetails"]["output"])}
    if kind == "TaskFailed":
        detail = event["taskFailedEventDetails"]
        return {"failed": [detail["error"], detail["cause"]]}
    return None


def drain(queues):
    """Takes all messages from the queues: their bodies."""
    sqs = client("sqs")
    bodies = {name: [] for name in queues}
    deadline = time.monotonic() + LAST_MESSAGE_S
    while time.monotonic() < deadline:
        for name, url in queues.items():
            for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
                bodies[name].append(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


def items(table):
    return client("dynamodb").scan(TableName=table)["Items"]


def logged(since_ms):
    """Every line that any function or state machine logged since then."""
    logs = client("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    return [
        event["message"]
        for group in groups
        for event in logs.filter_log_events(logGroupName=group, startTime=since_ms)["events"]
    ]


def executions(stack, starts):
    kinds = ["AWS::StepFunctions::StateMachine", "AWS::SQS::Queue", "AWS::DynamoDB::Table"]
    machines, queues, tables = (physical_ids(stack, kind) for kind in kinds)
    return [execute(machines[machine], given, queues, tables) for machine, given in json.loads(starts)]


def execute(machine, given, queues, tables):
    began_ms = int(time.time() * 1000)
    told = summary(run(machine, given))
    left = {
        "messages": drain(queues),
        "items": {name: items(table) for name, table in tables.items()},
        "logs": logged(began_ms),
    }
    return told | left


def summary(execution):
    events = [each for each in map(told, history(execution["executionArn"])) if each]
    return {
        "arn": execution["executionArn"],
        "status": execution["status"],
        "error": execution.get("error"),
        "cause": execution.get("cause"),
        "output": execution.get("output"),
        "states": [each["entered"][0] for each in events if "entered" in each],
        "history": events,
        "messages": {},
        "items": {},
        "logs": [],
    }


def crowd(stack, machine, at_a_time, starts):
    arn = physical_ids(stack, "AWS::StepFunctions::StateMachine")[machine]
    with ThreadPoolExecutor(int(at_a_time)) as threads:
        ended = list(threads.map(lambda start: run(arn, start[1], name=start[0]), json.loads(starts)))
    return [summary(execution) for execution in ended]


def tasks(states):
    """Every Task state, those in branches and items too."""
    for state in states.values():
        if state["Type"] == "Task":
            yield state
        for inner in [*state.get("Branches", []), state.get("ItemProcessor", {})]:
            yield from tasks(inner.get("States", {}))


def needs(task, account):
    """The action and the resource that the task's role must allow; none where it becomes known as it runs."""
    *_, service, action = task["Resource"].replace("arn:aws:states:::", "").split(":")
    arguments = task["Arguments"]
    region = boto3.session.Session().region_name
    named = {
        "dynamodb": lambda: f"arn:aws:dynamodb:{region}:{account}:table/{arguments['TableName']}",
        "events": lambda: arguments["Entries"][0]["EventBusName"],
        "lambda": lambda: arguments["FunctionName"],
        "sfn": lambda: arguments["ExecutionArn"],
        "sns": lambda: arguments["TopicArn"],
        "sqs": lambda: f"arn:aws:sqs:{region}:{account}:{arguments['QueueUrl'].rsplit('/', 1)[-1]}",
        "states": lambda: arguments["StateMachineArn"],
    }
    resource = named[service]()
    if "{%" in resource:
        return None
    action = {"lambda": "InvokeFunction"}.get(service, action[0].upper() + action[1:].split(".")[0])
    return f"{'states' if service == 'sfn' else service}:{action}", resource


def denied(stack):
    """Asks IAM about each call in the deployed definitions."""
    refused = []
    for arn in physical_ids(stack, "AWS::StepFunctions::StateMachine").values():
        deployed = client("stepfunctions").describe_state_machine(stateMachineArn=arn)
        calls = (needs(task, arn.split(":")[4]) for task in tasks(json.loads(deployed["definition"])["States"]))
        for action, resource in sorted({call for call in calls if call}):
            answer = client("iam").simulate_principal_policy(
                PolicySourceArn=deployed["roleArn"], ActionNames=[action], ResourceArns=[resource]
            )
            if answer["EvaluationResults"][0]["EvalDecision"] != "allowed":
                refused.append(f"{deployed['name']}: {action} on {resource}")
    return refused


def definitions(stack):
    machines = physical_ids(stack, "AWS::StepFunctions::StateMachine")
    describe = client("stepfunctions").describe_state_machine
    return {name: json.loads(describe(stateMachineArn=arn)["definition"]) for name, arn in machines.items()}


def resources(stack):
    listed = client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in listed}


def outputs(stack):
    described = client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in described["Outputs"]}


def rows(stack):
    return {name: items(table) for name, table in physical_ids(stack, "AWS::DynamoDB::Table").items()}


def messages(stack):
    return drain(physical_ids(stack, "AWS::SQS::Queue"))


def methods(stack, api):
    api_id = physical_ids(stack, "AWS::ApiGateway::RestApi")[api]
    found = client("apigateway").get_resources(restApiId=api_id, limit=500)["items"]
    return [
        {"path": each["path"], **client("apigateway").get_method(restApiId=api_id, resourceId=each["id"], httpMethod=verb)}
        for each in found
        for verb in each.get("resourceMethods", {})
    ]


def sync(stack, machine, given):
    arn = physical_ids(stack, "AWS::StepFunctions::StateMachine").get(machine, machine)
    answer = client("stepfunctions").start_sync_execution(stateMachineArn=arn, input=given)
    return {name: answer.get(name) for name in ["status", "output", "error", "cause"]}


def publish(source, kind, detail):
    client("events").put_events(Entries=[{"Source": source, "DetailType": kind, "Detail": detail}])


def ended(stack, machine, name):
    """Waits until the execution of that name is there, and has ended: its status, or none."""
    arn = physical_ids(stack, "AWS::StepFunctions::StateMachine")[machine]
    deadline = time.monotonic() + PATIENCE_S
    status = None
    while status in (None, "RUNNING") and time.monotonic() < deadline:
        listed = client("stepfunctions").list_executions(stateMachineArn=arn)["executions"]
        status = next((each["status"] for each in listed if each["name"] == name), None)
        time.sleep(POLL_S)
    return status


def secret(name, value):
    client("ssm").put_parameter(Name=name, Value=value, Type="SecureString")


# What can be listed, how, and what each is called.
LISTED = [
    ("dynamodb", "list_tables", "TableNames", None),
    ("sqs", "list_queues", "QueueUrls", None),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings", "FunctionArn"),
    ("stepfunctions", "list_state_machines", "stateMachines", "name"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("apigateway", "get_rest_apis", "items", "name"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ("events", "list_event_buses", "EventBuses", "Name"),
    ("events", "list_rules", "Rules", "Name"),
    ("events", "list_archives", "Archives", "ArchiveName"),
    ("scheduler", "list_schedule_groups", "ScheduleGroups", "Name"),
    ("pipes", "list_pipes", "Pipes", "Name"),
]


def remains(stack):
    """Whatever there is whose name tells that it was the stack's."""
    names = []
    for service, call, answered, name in LISTED:
        found = getattr(client(service), call)().get(answered, [])
        names += [each[name] if name else each for each in found]
    stacks = client("cloudformation").describe_stacks()["Stacks"]
    names += [each["StackName"] for each in stacks if each["StackStatus"] != "DELETE_COMPLETE"]
    return [name for name in names if stack in name]


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    commands = [executions, crowd, denied, definitions, resources, outputs, rows, messages, methods, sync, publish, ended, secret, remains]
    answers = {each.__name__: each for each in commands}
    json.dump(answers[command](*arguments), sys.stdout, default=str)
