"""`python -m acceptance.demands`: measure what one request of each kind costs the running shop."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..target import add_target, exit_code, is_loopback
from . import processes
from .measure import Bench, FailedRequests
from .report import conditions, to_yaml


def main() -> int:
    """Measure the shop that the arguments describe and write its demands."""
    parser = argparse.ArgumentParser(prog="python -m acceptance.demands", description=__doc__)
    add_target(parser)
    parser.add_argument("--pattern", required=True, help="name of the figures in the file")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of one run (default: 5)")
    parser.add_argument("--output", type=Path, default=Path("measured.yaml"))
    options = parser.parse_args()
    if not is_loopback(options.base_url):
        parser.error("--base-url is not on this machine, so the CPU time of the shop cannot be read")
    groups = processes.find()
    if not set(groups) - set(processes.SERVERS.values()):
        print("Error: no process of the shop was found; start it on this machine", file=sys.stderr)
        return 1
    try:
        demands = Bench(options.base_url, options.admin, groups, options.seconds).demands()
    except FailedRequests as failure:
        print(f"Error: the shop did not answer enough requests: {failure}", file=sys.stderr)
        return 1
    document = {"patterns": {options.pattern: {"measured": conditions(), **demands}}}
    options.output.write_text(to_yaml(document), "utf-8")
    print(f"Wrote {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
