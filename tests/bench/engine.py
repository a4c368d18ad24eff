#!/usr/bin/env python3
"""Sets the engine beside two public emulators' interpreters, on the same definitions.

    tests/bench/engine.py [--seconds N]

The emulators are installed into target/bench/emulators, pinned. Each runs a six-state saga
with mocked tasks, a loop of Choice and Pass, and a Map of Pass, all as they come (`interface`:
start an execution and ask until it has ended) and, for ministack, with its interpreter called
in process and its own waits taken out (`in process`). The engine's numbers are those of
`cargo bench -p saga-engine`. Ratios are the engine's to the better of the two.

Run it on an idle machine: other work shows in every number.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
PINS = [
    "moto[stepfunctions]==5.2.5", "flask==3.1.3", "flask-cors==6.0.5",
    "jsonata-python==0.7.1", "ministack==1.5.33", "boto3==1.43.106",
]

# What both emulators are run by: a process of its own, which prints rates as JSON.
COMMON = """
import json, os, pathlib, sys, time
definitions = pathlib.Path(sys.argv[1])
seconds = float(sys.argv[2])
SAGA, LOOP, MAP = (json.loads((definitions / f"{n}.asl.json").read_text()) for n in ("saga", "loop", "map"))
TASKS = [name for name, state in SAGA["States"].items() if state["Type"] == "Task"]
for name in TASKS:  # what is mocked in the engine is a Pass of the same result here
    state = SAGA["States"][name]
    SAGA["States"][name] = {"Type": "Pass", "Result": {"ok": True},
                            "ResultPath": state["ResultPath"], "Next": state["Next"]}
INPUTS = {"saga": {"id": "42", "amount": "$20.00"}, "loop": {"n": 500}, "map": list(range(200))}
UNITS = {"saga": 1, "loop": 1002, "map": 200}
MACHINES = {"saga": SAGA, "loop": LOOP, "map": MAP}

def rates(run):
    found = {}
    for name, machine in MACHINES.items():
        start, runs = time.perf_counter(), 0
        try:
            while time.perf_counter() - start < seconds or runs == 0:
                status = run(name, machine, INPUTS[name])
                if status != "SUCCEEDED":
                    raise RuntimeError(status)
                runs += 1
            found[name] = UNITS[name] * runs / (time.perf_counter() - start)
        except Exception as error:
            print(f"{name}: {error}", file=sys.stderr)
            found[name] = None
    return found
"""

MOTO = COMMON + """
os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="us-east-1")
import uuid
import boto3
from moto import mock_aws
ROLE = "arn:aws:iam::123456789012:role/r"
with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
    sfn = boto3.client("stepfunctions")
    arns = {name: sfn.create_state_machine(name=name, definition=json.dumps(machine), roleArn=ROLE)["stateMachineArn"]
            for name, machine in MACHINES.items()}
    def run(name, machine, payload):
        arn = sfn.start_execution(
            stateMachineArn=arns[name], name=uuid.uuid4().hex, input=json.dumps(payload))["executionArn"]
        while True:
            status = sfn.describe_execution(executionArn=arn)["status"]
            if status != "RUNNING":
                return status
            time.sleep(0.001)
    print(json.dumps(rates(run)))
"""

MINISTACK = COMMON + """
import ministack.services.stepfunctions as sfn
in_process = sys.argv[3] == "in-process"
if in_process:
    sfn.time.sleep = lambda seconds: None
ROLE = "arn:aws:iam::000000000000:role/r"

def body(response):
    return json.loads(response[2])

arns = {}
for name, machine in MACHINES.items():
    made = sfn._create_state_machine({"name": name, "definition": json.dumps(machine), "roleArn": ROLE})
    arns[name] = body(made)["stateMachineArn"]

if in_process:
    # An interpreter called in process needs no thread of its own.
    import threading, types
    class Now:
        def __init__(self, target, args, daemon): self.call = lambda: target(*args)
        def start(self): self.call()
    sfn.threading = types.SimpleNamespace(**{**vars(threading), "Thread": Now})

def run(name, machine, payload):
    started = body(sfn._start_execution({"stateMachineArn": arns[name], "input": json.dumps(payload)}))
    while True:
        status = body(sfn._describe_execution({"executionArn": started["executionArn"]}))["status"]
        if status != "RUNNING":
            return status
        time.sleep(0.001)

print(json.dumps(rates(run)))
"""


def python():
    """The interpreter that has the emulators; installs them the first time."""
    home = ROOT / "target" / "bench" / "emulators"
    binary = home / "bin" / "python"
    marker = home / "installed.json"
    if not marker.exists() or json.loads(marker.read_text()) != PINS:
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([binary, "-m", "pip", "install", "--quiet", *PINS], check=True)
        marker.write_text(json.dumps(PINS))
    return binary


def emulator(script, seconds, *arguments):
    definitions = ROOT / "saga-engine" / "benches" / "definitions"
    command = [python(), "-c", textwrap.dedent(script), definitions, str(seconds), *arguments]
    quiet = dict(os.environ, LOG_LEVEL="ERROR")
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=quiet)
    return json.loads(ran.stdout.strip().splitlines()[-1])


def engine():
    command = ["cargo", "bench", "--quiet", "-p", "saga-engine", "--bench", "engine", "--", "--json"]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(ran.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5, help="for each measurement")
    seconds = parser.parse_args().seconds
    ours = engine()
    rows = {
        "moto, interface": emulator(MOTO, seconds),
        "ministack, interface": emulator(MINISTACK, seconds, "interface"),
        "ministack, in process": emulator(MINISTACK, seconds, "in-process"),
    }
    rows["saga-engine"] = {
        "saga": ours["saga_standard_per_second"],
        "loop": ours["loop_transitions_per_second"],
        "map": ours["map_items_per_second"],
    }
    units = {"saga": "executions/s", "loop": "transitions/s", "map": "items/s"}
    print(f"{'':<24}" + "".join(f"{name + ', ' + unit:>22}" for name, unit in units.items()))
    for row, found in rows.items():
        shown = (f"{found[name]:>22,.0f}" if found[name] else f"{'failed':>22}" for name in units)
        print(f"{row:<24}" + "".join(shown))
    for kind in ["interface", "in process"]:
        best = {
            name: max((row[name] or 0 for title, row in rows.items() if title.endswith(kind)), default=0)
            for name in units
        }
        shown = (f"{rows['saga-engine'][name] / best[name]:>21,.0f}x" if best[name] else f"{'-':>22}" for name in units)
        print(f"{'ratio, ' + kind:<24}" + "".join(shown))
    print("bytes for each execution in flight:",
          ", ".join(f"{ours[f'bytes_each_of_{n}']:,} of {n:,}" for n in (1000, 100000)))


if __name__ == "__main__":
    main()
