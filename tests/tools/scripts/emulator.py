"""Starts ministack, with what it lacks of AWS for our templates, until stdin ends.

- `sns:publish` from a state machine loses its MessageAttributes: filter policies
  on attributes would never match.
- a Succeed state's JSONata `Output` is ignored.
- an alarm on a sum of metrics is refused.
- schemas of events and archives of a bus are refused, although nothing depends on them.
- an execution that is started again, while it runs and with the same input, is refused; and the error of a task that starts
  one lacks the service's name.
- a schedule is taken for one of the default group, which roles that name their group may not make.
- it does not speak TLS here, and would refuse what queues and topics refuse of who does not.

Stdin is a pipe from the test: however the test ends, its end is closed, and the
emulator goes, with the functions that it started. A line on it is a request, the
process of which is killed. With SAGA_CHAOS, a seed, Lambda is unreliable.
"""

import json
import os
import re
import signal
import sys
import threading

import chaos
from ministack import app
from ministack.core import iam_actions, lambda_runtime
from ministack.services import eventbridge, sns, stepfunctions
from ministack.services.cloudformation import provisioners


def publish_with_attributes(resource, arguments, publish=stepfunctions._invoke_sns_publish):
    """Hands the attributes on in the form of the query protocol, which is read."""
    flat = dict(arguments)
    attributes = flat.pop("MessageAttributes", {})
    for number, (name, value) in enumerate(attributes.items(), start=1):
        entry = f"MessageAttributes.entry.{number}"
        flat[f"{entry}.Name"] = name
        for key, text in value.items():
            flat[f"{entry}.Value.{key}"] = text
    return publish(resource, flat)


def output_of_succeed(state, data, context=None, output=stepfunctions._apply_output_path):
    """Evaluates the `Output` of a Succeed state as of any other."""
    if state.get("Type") == "Succeed" and "Output" in state:
        return stepfunctions._apply_jsonata_output(state, data, context, default=data)
    return output(state, data, context)


def alarm_on_the_first(name, properties, record=provisioners._cw_metric_alarm_record):
    """Takes the first of the metrics that an alarm sums: nothing here raises alarms."""
    properties = dict(properties)
    metrics = [metric["MetricStat"] for metric in properties.pop("Metrics", []) if "MetricStat" in metric]
    for metric in metrics[:1]:
        properties |= metric["Metric"] | {"Statistic": metric["Stat"], "Period": metric["Period"]}
    return record(name, properties)


def start_once(request, start=stepfunctions._start_execution):
    """Answers the same start again as the first one, for as long as the execution runs."""
    answer = start(request)
    if answer[0] == 400 and b"ExecutionAlreadyExists" in answer[2]:
        arn = re.search(r"arn:[^']+", answer[2].decode()).group()
        there = stepfunctions._executions[arn]
        if there["status"] == "RUNNING" and json.loads(there["input"]) == json.loads(request.get("input", "{}")):
            return stepfunctions.json_response({"executionArn": arn, "startDate": there["startDate"]})
    return answer


def start_nested(resource, arguments, start=stepfunctions._invoke_nested_start_execution):
    try:
        return start(resource, arguments)
    except stepfunctions._ExecutionError as error:
        raise stepfunctions._ExecutionError(f"StepFunctions.{error.error}", error.cause) from error


def recorded(*attributes):
    """A resource that is there, and does nothing."""

    def create(logical_id, properties, stack):
        name = properties.get("SchemaName") or provisioners._physical_name(stack, logical_id, max_len=48)
        return name, {attribute: name for attribute in attributes}

    return {"create": create, "delete": lambda name, properties: None}


def create_archive(logical_id, properties, stack):
    name = provisioners._physical_name(stack, logical_id, max_len=48)
    answer = eventbridge._create_archive(
        {
            "ArchiveName": name,
            "EventSourceArn": properties["SourceArn"],
            "Description": properties.get("Description", ""),
            "RetentionDays": properties.get("RetentionDays", 0),
        }
    )
    assert answer[0] == 200, answer
    return name, {"ArchiveName": name}


def delete_archive(name, properties):
    eventbridge._delete_archive({"ArchiveName": name})


def schedule_of_its_group(service, method, path, headers, body, *rest, named=iam_actions.extract_resource_arn):
    """Names the group that the request puts the schedule into."""
    arn = named(service, method, path, headers, body, *rest)
    if service == "scheduler" and body:
        group = json.loads(body).get("GroupName", "default")
        return arn.replace(":schedule/default/", f":schedule/{group}/")
    return arn


def over_tls(address, secure, pin=app.pin_request_origin):
    """Takes the loopback interface for what TLS is elsewhere."""
    pin(address, True)


def stop_with_the_test():
    for line in sys.stdin:
        chaos.kill(line.strip())
    try:
        lambda_runtime.reset()
    finally:
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    assert callable(sns._parse_message_attributes), "another version of ministack"
    stepfunctions._SERVICE_DISPATCH["arn:aws:states:::sns:publish"] = publish_with_attributes
    stepfunctions._apply_output_path = output_of_succeed
    stepfunctions._start_execution = start_once
    stepfunctions._invoke_nested_start_execution = start_nested
    provisioners._cw_metric_alarm_record = alarm_on_the_first
    provisioners._RESOURCE_HANDLERS |= {
        "AWS::EventSchemas::Registry": recorded("RegistryName"),
        "AWS::EventSchemas::Schema": recorded("SchemaName"),
        "AWS::Events::Archive": {"create": create_archive, "delete": delete_archive},
    }
    iam_actions.extract_resource_arn = schedule_of_its_group
    app.pin_request_origin = over_tls
    if "SAGA_CHAOS" in os.environ:
        chaos.begin(os.environ["SAGA_CHAOS"])
    os.setpgid(0, 0)
    threading.Thread(target=stop_with_the_test, daemon=True).start()
    sys.argv = sys.argv[:1]
    app.main()
