#!/usr/bin/env python3
"""Measures what a fence costs where nothing goes wrong, and prints a table.

    tests/bench/fences.py [--invocations N] [--starts N]

One handler (`ChargeCard` of tests/soak/payments), built with its fence, without, and with the same fence
kept through the AWS SDK (tests/bench/sdk_fence.rs), runs by turns:

- requests and bytes of an invocation, to the store and to the provider that it charges at;
- its time, with a store and a provider that answer at once, and with ones that take 3 ms each, and the
  time that it computes, which other work on the machine does not show in;
- the bootstrap's size, and its time from exec to its first request for work.

Store and provider are one server in this process, which keeps everything that it is sent and says
yes: so requests are counted, and time is the handler's own beside the delay. Ratios tell more than
times.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import sys
import tempfile
import threading
import time

from generate import ROOT, cargo, first_request_ms, metadata

PACKAGE = "soak-payments"
HANDLER = "ChargeCard"
DELAYS = (0.0, 0.003)
KINDS = ("unfenced", "fenced", "sdk")
SAGA = "arn:aws:states:us-east-1:123456789012:execution:Ordering:"


class Traffic:
    """Requests and bytes, by whom they go to."""

    def __init__(self):
        self.requests = {"store": 0, "provider": 0}
        self.bytes = {"store": 0, "provider": 0}

    def add(self, to, count):
        self.requests[to] += 1
        self.bytes[to] += count


def read_message(connection, rest):
    """The head and the body of an HTTP message, what follows them, and their bytes on the wire."""
    while b"\r\n\r\n" not in rest:
        more = connection.recv(65536)
        if not more:
            return None
        rest += more
    head, _, body = rest.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head, body[:length], body[length:], len(head) + 4 + length


def serve(answer):
    """A server on a port of its own: `answer(head, body)` gives what each request is answered."""
    server = socket.create_server(("127.0.0.1", 0))

    def connection(client):
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        rest = b""
        while message := read_message(client, rest):
            head, body, rest, count = message
            client.sendall(answer(head, body, count))

    def accept():
        while True:
            client, _ = server.accept()
            threading.Thread(target=connection, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return f"127.0.0.1:{server.getsockname()[1]}"


def hang_up():
    """A server that hears whoever greets it, and hangs up."""
    server = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            client, _ = server.accept()
            client.recv(65536)
            client.close()

    threading.Thread(target=accept, daemon=True).start()
    return f"127.0.0.1:{server.getsockname()[1]}"


def response(body, *headers):
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Bootstrap:
    """A process that serves the handler."""

    def __init__(self, program, fenced):
        self.fenced = fenced
        self.traffic = Traffic()
        self.delay = 0.0
        self.answered = threading.Semaphore(0)
        self.asked = threading.Semaphore(0)
        self.events = []
        store, runtime = serve(self.of_store), serve(self.of_runtime)
        environment = {
            "AWS_LAMBDA_RUNTIME_API": runtime,
            "AWS_LAMBDA_FUNCTION_NAME": HANDLER,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_LEVEL": "ERROR",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_SESSION_TOKEN": "t" * 800,
            "AWS_ENDPOINT_URL_DYNAMODB": f"http://{store}",
            "SAGA_FENCE_TABLE": "FenceTable",
            "PROVIDER": store,
            "_HANDLER": HANDLER,
        }
        self.process = os.posix_spawn(program, [str(program)], environment)

    def of_store(self, head, body, count):
        if self.delay:
            time.sleep(self.delay)
        if b"x-amz-target" in head.lower():
            answer, to = response(b"{}", "Content-Type: application/x-amz-json-1.0"), "store"
        else:
            answer, to = response(b'{"id":"entered"}'), "provider"
        self.traffic.add(to, count + len(answer))
        return answer

    def of_runtime(self, head, body, _count):
        if head.startswith(b"GET"):
            self.asked.acquire()
            number, event = self.events.pop()
            deadline = int((time.time() + 10) * 1000)
            return response(
                event,
                f"Lambda-Runtime-Aws-Request-Id: {number}",
                f"Lambda-Runtime-Deadline-Ms: {deadline}",
                f"Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:{HANDLER}",
            )
        if b"/response" in head.split(b"\r\n")[0]:
            self.answered.release()
        elif b"/error" in head.split(b"\r\n")[0]:
            sys.exit(f"the handler failed: {body.decode()}")
        return response(b'{"status":"OK"}')

    def invoke(self, number):
        """Milliseconds from the event to the answer."""
        saga = {"id": f"{SAGA}order-{number}", "step": HANDLER, "phase": "do", "attempt": 0}
        if self.fenced:
            now = int(time.time() * 1000)
            saga["fence"] = {"entered": now, "redrive": 0, "sent": now}
        event = {"saga": saga, "input": {"orderId": f"order-{number}", "cents": 1299}}
        self.events.append((number, json.dumps(event).encode()))
        began = time.perf_counter()
        self.asked.release()
        if not self.answered.acquire(timeout=30):
            sys.exit("the handler did not answer within 30 s")
        return (time.perf_counter() - began) * 1000

    def computed_us(self):
        """Microseconds that the process has had a processor."""
        with open(f"/proc/{self.process}/schedstat", encoding="ascii") as schedstat:
            return int(schedstat.read().split()[0]) / 1000

    def stop(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def build(folder):
    """The bootstrap without a fence, with it, and with one that is kept through the SDK."""
    target = pathlib.Path(metadata()["target_directory"])
    programs = {}
    for name, features in (("unfenced", "unfenced"), ("fenced", "")):
        cargo("build", "--release", "-p", PACKAGE, "--features", features)
        programs[name] = folder / name
        shutil.copy(target / "release" / PACKAGE, programs[name])
    cargo("build", "--release", target=target, cwd=sdk_package(folder / "package"))
    programs["sdk"] = folder / "sdk"
    shutil.copy(target / "release" / "sdk-fence", programs["sdk"])
    return programs


def sdk_package(folder):
    """A package around `sdk_fence.rs`, with the workspace's versions, dependencies and profile."""
    folder.mkdir()
    workspace = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    soak = (ROOT / "tests/soak/payments/Cargo.toml").read_text(encoding="utf-8")
    own = "".join(f'{name} = {{ path = "{ROOT}/{name}" }}\n' for name in ("saga-dsl", "saga-lambda"))
    own += f'saga-fence = {{ path = "{ROOT}/saga-fence", features = ["dynamodb"] }}\n'
    workspace_section = lambda name: re.search(rf"^\[{name}\]\n(?:.+\n)*", workspace, re.MULTILINE).group()
    inherited = re.search(r"\[dependencies\]\n((?:.+\n)*)", soak).group(1)
    inherited = "".join(line for line in inherited.splitlines(True) if not line.startswith("saga-"))
    third_party = re.search(r"\[workspace.dependencies\]\n(?:.*\n)*?(?=\[)", workspace).group()
    third_party = "".join(line for line in third_party.splitlines(True) if "path = " not in line)
    (folder / "Cargo.toml").write_text(
        f"""[package]
name = "sdk-fence"
edition = "2024"

[[bin]]
name = "sdk-fence"
path = "{ROOT}/tests/bench/sdk_fence.rs"

[dependencies]
{own}aws-config.workspace = true
aws-sdk-dynamodb.workspace = true
{inherited}
[workspace]

{third_party}
{workspace_section("profile.release")}""",
        encoding="utf-8",
    )
    shutil.copy(ROOT / "Cargo.lock", folder)
    return folder


def row(what, values, unit, digits=0):
    kinds = [kind for kind in KINDS if kind in values]
    cells = "".join(f"{values[kind]:>14,.{digits}f}" for kind in kinds)
    ratios = "".join(f"{values[kind] / values['unfenced']:>9.2f}" for kind in kinds[1:])
    print(f"{what:<44}{cells}{ratios}  {unit}")


def measure(programs, invocations):
    # The runtime keeps no fence for who keeps it itself.
    bootstraps = {name: Bootstrap(program, name == "fenced") for name, program in programs.items()}
    number = 0
    for _ in range(50):  # connections are opened, pages are mapped
        for bootstrap in bootstraps.values():
            bootstrap.invoke(number := number + 1)
    for bootstrap in bootstraps.values():
        bootstrap.traffic = Traffic()
    before = {name: bootstrap.computed_us() for name, bootstrap in bootstraps.items()}
    times = {}
    for delay in DELAYS:
        each = times[delay] = {name: [] for name in programs}
        for _ in range(invocations):
            for name, bootstrap in bootstraps.items():
                bootstrap.delay = delay
                each[name].append(bootstrap.invoke(number := number + 1))
    count = invocations * len(DELAYS)
    for what, digits in (("requests", 2), ("bytes", 0)):
        of = {name: sum(getattr(b.traffic, what).values()) / count for name, b in bootstraps.items()}
        row(f"{what} of an invocation, both ways", of, what, digits)
    for name in KINDS[1:]:
        traffic = bootstraps[name].traffic
        requests, count_bytes = (of["store"] / count for of in (traffic.requests, traffic.bytes))
        print(f"  of them to the store, {name}: {requests:.2f} requests, {count_bytes:,.0f} bytes")
    for delay, each in times.items():
        medians = {name: statistics.median(all_) for name, all_ in each.items()}
        row(f"time, each request taking {delay * 1000:.0f} ms (median)", medians, "ms", 2)
    computed = {name: (b.computed_us() - before[name]) / count for name, b in bootstraps.items()}
    row("computing, of an invocation (mean)", computed, "µs")
    for bootstrap in bootstraps.values():
        bootstrap.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--invocations", type=int, default=1_000)
    parser.add_argument("--starts", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="saga-bench-") as folder:
        programs = build(pathlib.Path(folder))
        print(f"{HANDLER:<44}{'unfenced':>14}{'fenced':>14}{'sdk':>14}{'ratio':>9}{'ratio':>9}")
        measure(programs, asked.invocations)
        sizes = {name: program.stat().st_size for name, program in programs.items()}
        row("bootstrap", sizes, "bytes")
        measure_starts(programs, asked.starts)


def measure_starts(programs, count):
    """Starts by turns. A fenced function opens its connection while its App starts; to a store that
    speaks TLS it reads the machine's roots before that. The SDK connects with its first request."""
    provider = {"PROVIDER": "127.0.0.1:9"}
    store = serve(lambda *_: response(b"{}"))
    fence = {**provider, "SAGA_FENCE_TABLE": "FenceTable"}
    plain = {**fence, "AWS_ENDPOINT_URL_DYNAMODB": f"http://{store}"}
    secure = {**fence, "AWS_ENDPOINT_URL_DYNAMODB": f"https://{hang_up()}"}
    cases = {
        "unfenced": (programs["unfenced"], provider),
        "fenced": (programs["fenced"], plain),
        "TLS": (programs["fenced"], secure),
        "sdk": (programs["sdk"], plain),
        "sdk TLS": (programs["sdk"], secure),
    }
    times = {name: [] for name in cases}
    for _ in range(count):
        for name, (program, variables) in cases.items():
            times[name].append(first_request_ms(program, HANDLER, variables))
    for what, reduce in (("median", statistics.median), ("minimum", min)):
        of = {name: reduce(each) for name, each in times.items()}
        row(f"exec to first request ({what})", of, "ms", 2)
        secured = {"unfenced": of["unfenced"], "fenced": of["TLS"], "sdk": of["sdk TLS"]}
        row(f"  with a store that speaks TLS ({what})", secured, "ms", 2)


if __name__ == "__main__":
    main()
