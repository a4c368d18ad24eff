"""The size of the command line's binary, and what starting it costs: cli.py [RUNS]

Builds saga-cli for release, then runs it as a script would: `--version`, a page of a rule, one definition to check. Prints
a table. To be run by hand, on an idle machine."""

import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMANDS = {
    "--version": ["--version"],
    "explain ASL306": ["explain", "ASL306"],
    "validate one definition": ["validate", "examples/fare-processing/expected/FareProcessing.asl.json"],
}


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    profile = os.environ.get("PROFILE", "release")
    subprocess.run(["cargo", "build", "--locked", "-p", "saga-cli", "--profile", profile], cwd=ROOT, check=True)
    folder = "debug" if profile == "dev" else profile
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    binary = target / folder / "saga-cli"
    print(f"binary: {binary.stat().st_size / 1e6:.1f} MB")
    print(f"{'command':<26}{'wall, median':>14}{'CPU, mean':>12}{'memory':>10}")
    for name, arguments in COMMANDS.items():
        wall, cpu = [], children_cpu()
        for _ in range(runs):
            began = time.perf_counter()
            subprocess.run([binary, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            wall.append(time.perf_counter() - began)
        cpu = (children_cpu() - cpu) / runs
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3 if name != "--version" else 0
        shown = f"{memory:>7.1f} MB" if memory else f"{'':>10}"
        print(f"{name:<26}{statistics.median(wall) * 1e3:>11.1f} ms{cpu * 1e3:>9.1f} ms{shown}")


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
