"""`python -m acceptance.audit`: check the shop's invariants, with its own audit and from outside."""

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
    "I2": "stock movements add up",
    "I3": "ledger sums to 0, no negative wallet",
    "I4": "one net debit if CONFIRMED, otherwise 0",
    "I5": "every order is in a terminal state",
    "I6": "at most one order for each key",
    "I7": "terminal states are final",
    "I8": "accepted orders exist",
    "I9": "outbox drained, read model is up to date",
    "I10": "no user can read another user's order",
}


def main() -> int:
    """Audit the shop; return 0 if all is well, 1 on violations or unfinished work, 2 without an audit."""
    options = _parser().parse_args()
    with connect(options.base_url) as http:
        identity = discover(http)
        admin = identity.sign_in(options.admin)
        report = wait_until_at_rest(admin, options.wait)
        if report is None:
            print(
                "Error: the shop has no audit (404 at /internal/audit). Start it with AUDIT_ENABLED=true.",
                file=sys.stderr,
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
    """Return the audit's report once the shop is idle, or after `wait` seconds; None without an audit."""
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
    """Check the invariants of all orders in a journal, each as its owner; `users` by credential."""
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
    """Return the state of an order as `client` reads it."""
    response = client.get(f"/v1/orders/{order}")
    return None if response.status_code == 404 else str(response.raise_for_status().json()["state"])


def to_text(result: dict[str, Any], wait: float) -> str:
    """Return the report as a table of the invariants, followed by the violations."""
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
        lines.append(f"the shop still had unfinished work after {wait:g} s")
    counts = ", ".join(f"{count} {name}" for name, count in result["counts"].items())
    lines.append(f"{'ok' if result['ok'] else 'VIOLATED'}: {counts}")
    return "\n".join(lines)


def _cell(found: dict[str, Any] | None) -> str:
    if found is None:
        return "-"
    return "ok" if found["ok"] else f"{len(found['violations'])} failed"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m acceptance.audit", description=__doc__)
    add_target(parser)
    parser.add_argument(
        "--wait", type=float, default=30.0, help="seconds to wait until the shop is idle (default: 30)"
    )
    parser.add_argument("--journal", type=Path, help="journal written by acceptance.load --journal")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(exit_code(main))
