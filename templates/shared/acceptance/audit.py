"""`python -m acceptance.audit`: does the shop keep its invariants, by its own audit and seen from outside."""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .client import ShopClient, User, connect
from .identity import discover
from .invariant_checks import (
    MAX_SHOWN,
    CheckResult,
    State,
    one_key_one_order,
    orders_have_ended,
    seen_orders_exist,
    strangers_read_nothing,
    terminal_states_stay,
)
from .journal import Journal
from .target import add_target, exit_code

READERS = 8
STRANGER_SAMPLE = 200
INVARIANTS = {
    "I1": "0 <= reserved <= on hand",
    "I2": "stock adds up",
    "I3": "the ledger's sum is 0, no wallet below 0",
    "I4": "one net debit for CONFIRMED, 0 for the rest",
    "I5": "every order has ended",
    "I6": "one key, at most one order",
    "I7": "terminal states stay",
    "I8": "what was accepted exists",
    "I9": "outbox drained, read model = write model",
    "I10": "no user reads another's order",
}


def main() -> int:
    """Audit the shop; 0 if all is well, 1 with violations or without rest, 2 if it has no audit."""
    options = _parser().parse_args()
    with connect(options.base_url) as http:
        identity = discover(http)
        admin = identity.sign_in(options.admin)
        report = wait_until_at_rest(admin, options.wait)
        if report is None:
            print(
                "the shop answers 404 to /internal/audit: start it with AUDIT_ENABLED=true", file=sys.stderr
            )
            return 2
        outside: list[CheckResult] = []
        if options.journal:
            journal = Journal.read(options.journal)
            users = {credential: identity.sign_in(credential) for credential in journal.users}
            outside = check_from_outside(journal, users, stranger=admin)
    result = {**report, "outside": {each.invariant: {"ok": each.ok, **asdict(each)} for each in outside}}
    result["ok"] = report["ok"] and report["at_rest"] and all(check.ok for check in outside)
    print(json.dumps(result) if options.json else to_text(result, options.wait))
    return 0 if result["ok"] else 1


def wait_until_at_rest(admin: ShopClient, wait: float) -> dict[str, Any] | None:
    """The audit's report once the shop is at rest, the last one after `wait` seconds; None without audit."""
    deadline = time.monotonic() + wait
    while True:
        response = admin.get("/internal/audit")
        if response.status_code == 404:
            return None
        response.raise_for_status()
        report: dict[str, Any] = response.json()
        if report["at_rest"] or time.monotonic() > deadline:
            return report
        time.sleep(0.25)


def check_from_outside(journal: Journal, users: dict[str, User], stranger: ShopClient) -> list[CheckResult]:
    """The verdicts on all orders of a journal; `users` by credential. Each order is read by its owner."""
    with ThreadPoolExecutor(READERS) as pool:
        states = pool.map(lambda order: read(users[journal.owners[order]], order), journal.owners)
        now = dict(zip(journal.owners, states, strict=True))
    step = max(1, len(now) // STRANGER_SAMPLE)

    def read_as_stranger(order: str) -> State:
        others = [user for credential, user in users.items() if credential != journal.owners[order]]
        return read(others[0] if others else stranger, order)

    return [
        orders_have_ended(now),
        one_key_one_order(journal),
        terminal_states_stay(journal, now),
        seen_orders_exist(now),
        strangers_read_nothing(list(now)[::step], read_as_stranger),
    ]


def read(client: ShopClient, order: str) -> State:
    """The state of an order as `client` reads it."""
    response = client.get(f"/v1/orders/{order}")
    return None if response.status_code == 404 else str(response.raise_for_status().json()["state"])


def to_text(result: dict[str, Any], wait: float) -> str:
    """The report as a table of the invariants, the violations below it."""
    lines = [f"{'':4}{'':44}{'audit':>11}{'outside':>18}"]
    violations: list[str] = []
    for name, meaning in INVARIANTS.items():
        inside, outside = result["invariants"].get(name), result["outside"].get(name)
        seen = f"{_cell(outside)} of {outside['checked']}" if outside else "-"
        lines.append(f"{name:4}{meaning:44}{_cell(inside):>11}{seen:>18}")
        for found in (inside, outside):
            violations += [f"{name}: {each}" for each in (found or {}).get("violations", [])[:MAX_SHOWN]]
    lines += ["", *violations]
    if not result["at_rest"]:
        lines.append(f"not at rest after {wait:g} s")
    counts = ", ".join(f"{count} {name}" for name, count in result["counts"].items())
    lines.append(f"{'ok' if result['ok'] else 'VIOLATED'}: {counts}")
    return "\n".join(lines)


def _cell(found: dict[str, Any] | None) -> str:
    if found is None:
        return "-"
    return "ok" if found["ok"] else f"{len(found['violations'])} wrong"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m acceptance.audit", description=__doc__)
    add_target(parser)
    parser.add_argument("--wait", type=float, default=30.0, help="seconds to wait for rest (default: 30)")
    parser.add_argument("--journal", type=Path, help="what acceptance.load --journal wrote")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(exit_code(main))
