#!/usr/bin/env python3
"""Whole processes of `saga-cli validate` beside asl-validator, statelint and cfn-lint.

Installs the other tools from their registries into target/bench-tools, writes the inputs into a
temporary folder, runs every tool several times and prints the best times and the ratios, by the clock and by CPU.

    cargo build --release -p saga-cli && tests/bench/validate.py [--cli PATH]
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / "target" / "bench-tools"
RUNS = 5


def provision():
    """The commands of the other tools; each is installed once."""
    python = TOOLS / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", TOOLS / "venv"], check=True)
    commands = {}
    for tool, pin in [("statelint", "statelint==3.1.0"), ("cfn-lint", "cfn-lint==1.58.0")]:
        if not (TOOLS / "venv" / "bin" / tool).exists():
            subprocess.run([python, "-m", "pip", "install", "-q", pin], check=False)
        if (TOOLS / "venv" / "bin" / tool).exists():
            commands[tool] = [TOOLS / "venv" / "bin" / tool]
    validator = TOOLS / "node_modules" / ".bin" / "asl-validator"
    if not validator.exists() and shutil.which("npm"):
        subprocess.run(["npm", "install", "--silent", "--prefix", TOOLS, "asl-validator@4.0.0"], check=False)
    if validator.exists():
        commands["asl-validator"] = [validator]
    return commands


def saga(states):
    """A saga of so many states, half of which undo the others."""
    steps, every = states // 2, {}
    for step in range(steps):
        task = {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": f"function-{step}", "Payload": {"id.$": "$$.Execution.Id", "orderId.$": "$.orderId"}},
            "TimeoutSeconds": 30,
            "ResultPath": None,
        }
        following = f"Do{step + 1}" if step + 1 < steps else "Done"
        undo = {"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": f"UndoDo{step}"}
        every[f"Do{step}"] = {**task, "Catch": [undo], "Next": following}
        before = f"UndoDo{step - 1}" if step else "Failed"
        retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 2.0}
        every[f"UndoDo{step}"] = {**task, "Retry": [retry], "Next": before}
    every["Done"] = {"Type": "Succeed"}
    every["Failed"] = {"Type": "Fail", "Error": "Undone"}
    return {"StartAt": "Do0", "States": every}


def template(machine):
    """The same inside a template, which is what cfn-lint reads."""
    properties = {"RoleArn": "arn:aws:iam::123456789012:role/r", "DefinitionString": json.dumps(machine)}
    return {"Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}}


def best(command, runs=RUNS):
    """The best seconds of several runs: by the clock, and of processor time."""
    walls, cpus = [], []
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        used = os.wait4(process.pid, 0)[2]
        walls.append(time.perf_counter() - start)
        cpus.append(used.ru_utime + used.ru_stime)
    return min(walls), min(cpus)


def arguments(tool, files, templates):
    """The files as a tool's own command line takes them."""
    if tool == "asl-validator":
        return [part for file in files for part in ("--json-path", file)]
    return templates if tool == "cfn-lint" else files


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cli", default=ROOT / "target" / "release" / "saga-cli")
    parser.add_argument("--files", type=int, default=1000)
    options = parser.parse_args()
    ours, others = [options.cli, "validate"], provision()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        files, templates = [], []
        for number in range(options.files):
            machine = saga(20)
            machine["Comment"] = f"number {number}"
            files.append(folder / f"{number}.asl.json")
            files[-1].write_text(json.dumps(machine, indent=2))
            templates.append(folder / f"{number}.template.json")
            templates[-1].write_text(json.dumps(template(machine)))
        report("one file of 20 states", ours, others, files[:1], templates[:1], RUNS)
        report(f"{options.files} files", ours, others, files, templates, 1)
        growth(ours, folder)


def report(title, ours, others, files, templates, runs):
    wall, cpu = best(ours + files, RUNS)
    print(f"\n{title}\n  {'saga-cli':<15} {wall * 1000:10.1f} ms {cpu * 1000:10.1f} ms of CPU")
    for tool, command in others.items():
        other, used = best(command + arguments(tool, files, templates), runs)
        times = f"{other / wall:8.1f} times ours, {used / cpu:8.1f} by CPU"
        print(f"  {tool:<15} {other * 1000:10.1f} ms {used * 1000:10.1f} ms of CPU   {times}")


def growth(ours, folder):
    """Linear in states, up to AWS's limit of a megabyte."""
    print("\none file, growing")
    for states in (200, 400, 800, 1600):
        text = json.dumps(saga(states), indent=2)
        file = folder / f"large{states}.asl.json"
        file.write_text(text)
        wall, cpu = best(ours + [file])
        print(f"  {states:5} states {len(text) / 1024:8.0f} KiB {wall * 1000:10.1f} ms {cpu * 1000:10.1f} ms of CPU")


if __name__ == "__main__":
    main()
