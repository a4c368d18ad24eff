"""Starts ministack, with what it lacks of AWS for our templates, until stdin ends.

- `sns:publish` from a state machine loses its MessageAttributes: filter policies
  on attributes would never match.
- a Succeed state's JSONata `Output` is ignored.
- an alarm on a sum of metrics is refused.

Stdin is a pipe from the test: however the test ends, its end is closed, and the
emulator goes, with the functions that it started.
"""

import os
import signal
import sys
import threading

from ministack.app import main
from ministack.core import lambda_runtime
from ministack.services import sns, stepfunctions
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


def stop_with_the_test():
    sys.stdin.buffer.read()
    try:
        lambda_runtime.reset()
    finally:
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    assert callable(sns._parse_message_attributes), "another version of ministack"
    stepfunctions._SERVICE_DISPATCH["arn:aws:states:::sns:publish"] = publish_with_attributes
    stepfunctions._apply_output_path = output_of_succeed
    provisioners._cw_metric_alarm_record = alarm_on_the_first
    os.setpgid(0, 0)
    threading.Thread(target=stop_with_the_test, daemon=True).start()
    sys.argv = sys.argv[:1]
    main()
