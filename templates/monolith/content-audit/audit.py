"""`python -m acceptance.audit`: check the invariants of the running program with its own audit."""

from __future__ import annotations

import argparse
import sys

from .client import connect
from .identity import discover
from .target import add_target, exit_code


def main() -> int:
    """Print what the audit found; return 0 if all is well, 1 on violations, 2 without an audit."""
    parser = argparse.ArgumentParser(prog="python -m acceptance.audit", description=__doc__)
    add_target(parser)
    options = parser.parse_args()
    with connect(options.base_url) as http:
        response = discover(http).sign_in(options.admin).get("/internal/audit")
    if response.status_code == 404:
        print(
            "Error: there is no audit (404 at /internal/audit). Start the program with AUDIT_ENABLED=true.",
            file=sys.stderr,
        )
        return 2
    report = response.raise_for_status().json()
    for name, found in report["invariants"].items():
        print(name, "ok" if found["ok"] else f"{len(found['violations'])} failed")
        for violation in found["violations"]:
            print(f"  {violation}")
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(exit_code(main))
