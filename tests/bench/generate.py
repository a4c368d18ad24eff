#!/usr/bin/env python3
"""Measures what it costs to write a saga in Rust, and prints a table.

    tests/bench/generate.py [-p PACKAGE] [--handler NAME] [--runs N]

- `saga-cli generate` on a warm build, and its share of build, ask and compile;
- the package's build from nothing, and the number of crates it depends on;
- the bootstrap's size, and its time from exec to its first request for work, beside
  those of a hello-world function on `lambda_runtime`, built in the same profile.

Ends with 1 if the bootstrap is over 25 % above hello-world in size or time. Run it on
an idle machine: other work shows in every number.
"""

import argparse
import json
import os
import pathlib
import re
import selectors
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMIT = 1.25
LAMBDA_RUNTIME = "1.5.0"
LAMBDA_RUNTIME = "1.5.0"  # what hello-world stands on; the workspace itself does without
FIRST_REQUEST = b"GET /2018-06-01/runtime/invocation/next"
REGISTER = b"POST /2020-01-01/extension/register"
REGISTERED = b"HTTP/1.1 200 OK\r\nLambda-Extension-Identifier: bench\r\nContent-Length: 2\r\n\r\n{}"

HELLO = """
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

async fn hello(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let name = event.payload["name"].as_str().unwrap_or("world");
    Ok(json!({ "message": format!("hello, {name}") }))
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    run(service_fn(hello)).await
}
"""


def cargo(*arguments, target=None, cwd=ROOT):
    """Runs cargo, its progress on stderr; answers its output."""
    environment = dict(os.environ)
    if target:
        environment["CARGO_TARGET_DIR"] = str(target)
    ran = subprocess.run(
        ["cargo", *arguments], cwd=cwd, env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    return ran.stdout


def metadata():
    return json.loads(cargo("metadata", "--format-version", "1"))


def hello_world(folder, versions):
    """A crate with the usual first function, its other crates at the versions that we have."""
    (folder / "src").mkdir(parents=True)
    (folder / "src/main.rs").write_text(HELLO, encoding="utf-8")
    workspace = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    profile = re.search(r"^\[profile\.release\]\n(?:.+\n)*", workspace, re.MULTILINE).group()
    (folder / "Cargo.toml").write_text(
        f"""[package]
name = "hello"
edition = "2024"

[dependencies]
lambda_runtime = "={LAMBDA_RUNTIME}"
serde_json = "={versions["serde_json"]}"
tokio = {{ version = "={versions["tokio"]}", features = ["macros", "rt-multi-thread"] }}

[workspace]

{profile}""",
        encoding="utf-8",
    )
    return folder


def first_request_ms(program, handler, variables=None):
    """Milliseconds from exec to the program's first request for work."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        environment = {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.getsockname()[1]}",
            "AWS_LAMBDA_FUNCTION_NAME": handler,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_GROUP_NAME": "bench",
            "AWS_LAMBDA_LOG_STREAM_NAME": "bench",
            "AWS_REGION": "us-east-1",
            "_HANDLER": handler,
            **(variables or {}),
        }
        began = time.perf_counter_ns()
        process = os.posix_spawn(program, [str(program)], environment)
        try:
            connections = wait_for_work_request(server)
            ended = time.perf_counter_ns()
        finally:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        for connection in connections:
            connection.close()
    return (ended - began) / 1e6


def wait_for_work_request(server):
    """Serves the Lambda Runtime API until the function asks for work, and answers the
    open connections. A function may first register an extension, to be told of its shutdown."""
    connections = []
    with selectors.DefaultSelector() as waiting:
        waiting.register(server, selectors.EVENT_READ)
        while ready := waiting.select(timeout=30):
            for key, _ in ready:
                if key.fileobj is server:
                    connections.append(server.accept()[0])
                    waiting.register(connections[-1], selectors.EVENT_READ)
                    continue
                request = key.fileobj.recv(65536)
                if request.startswith(FIRST_REQUEST):
                    return connections
                if request.startswith(REGISTER):
                    key.fileobj.sendall(REGISTERED)
    sys.exit("the program did not ask for work within 30 s")


def measure_generate(package, runs):
    """The median of each part of a warm `generate`, in milliseconds."""
    cargo("build", "--release", "-p", "saga-cli")
    target = pathlib.Path(metadata()["target_directory"])
    command = [target / "release/saga-cli", "generate", "-p", package, "--timings"]
    parts = {}
    for number in range(runs + 1):
        began = time.perf_counter()
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
        if number == 0:
            continue  # the first builds what was not built yet
        laps = dict(re.findall(r"^ *(\w+) +([\d.]+) ms$", ran.stderr, re.MULTILINE))
        laps["whole process"] = (time.perf_counter() - began) * 1000
        for part, milliseconds in laps.items():
            parts.setdefault(part, []).append(float(milliseconds))
    return {part: statistics.median(each) for part, each in parts.items()}


def measure_cold_build(package, folder):
    """Seconds to build the package from nothing, as `generate` builds it."""
    cargo("fetch")
    began = time.perf_counter()
    cargo("build", "-p", package, target=folder)
    return time.perf_counter() - began


def count_dependencies(package):
    tree = cargo("tree", "-p", package, "-e", "normal,build", "--prefix", "none", "--no-dedupe")
    return len({line.split(" (")[0] for line in tree.splitlines()}) - 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-p", "--package", default="fare-processing")
    parser.add_argument("--handler", default="ChargeFare")
    parser.add_argument("--runs", type=int, default=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="saga-bench-") as folder:
        return report(asked, pathlib.Path(folder))


def report(asked, folder):
    print(f"generate -p {asked.package}, warm, median of {asked.runs}")
    for part, milliseconds in measure_generate(asked.package, asked.runs).items():
        print(f"  {part:<14}{milliseconds:9.1f} ms")
    seconds = measure_cold_build(asked.package, folder / "cold")
    print(f"{asked.package} from nothing: {seconds:.1f} s, {count_dependencies(asked.package)} dependencies")
    shutil.rmtree(folder / "cold")

    programs = bootstraps(asked.package, folder)
    times = {name: [] for name in programs}
    for _ in range(asked.runs):
        for name, program in programs.items():
            times[name].append(first_request_ms(program, asked.handler))
    sizes = {name: program.stat().st_size for name, program in programs.items()}
    return compare(sizes, {name: statistics.median(each) for name, each in times.items()})


def bootstraps(package, folder):
    """The package's bootstrap and that of hello-world, stripped, in one profile."""
    cargo("build", "--release", "-p", package, target=folder / "bootstrap")
    versions = {each["name"]: each["version"] for each in metadata()["packages"]}
    hello = hello_world(folder / "hello", versions)
    cargo("build", "--release", target=hello / "target", cwd=hello)
    return {
        package: folder / "bootstrap/release" / package,
        "hello-world": hello / "target/release/hello",
    }


def compare(sizes, times):
    """Prints sizes and times of the bootstrap and of hello-world; 1 if a ratio is over the limit."""
    print(f"{'bootstrap':<18}{'bytes':>12}{'exec to first request':>24}")
    for name, size in sizes.items():
        print(f"  {name:<16}{size:>12,}{times[name]:>21.2f} ms")
    ratios = [one / other for one, other in (sizes.values(), times.values())]
    verdict = "within" if max(ratios) <= LIMIT else "over"
    print("  ratio           {:>12.2f}{:>21.2f}    ({} {})".format(*ratios, verdict, LIMIT))
    return int(verdict == "over")


if __name__ == "__main__":
    sys.exit(main())
