"""Checks of the audit on a journal."""

from __future__ import annotations

from pathlib import Path

import pytest
from acceptance.audit import to_text
from acceptance.invariant_checks import (
    one_key_one_order,
    orders_have_ended,
    seen_orders_exist,
    strangers_read_nothing,
    terminal_states_stay,
)
from acceptance.journal import Journal, JournalWriter


def seen(*sightings: tuple[str, str | None, str, str]) -> Journal:
    """Return a journal of (owner, key, order, state)."""
    journal = Journal()
    for owner, key, order, state in sightings:
        journal.add({"owner": owner, "key": key, "order": order, "state": state})
    return journal


def test_journal_is_read_as_it_was_written(tmp_path: Path) -> None:
    """A journal is read as written, without a truncated last line, and its file is private."""
    path = tmp_path / "seen.jsonl"
    writer = JournalWriter(path)
    writer.user("a:x")
    writer.order("a:x", "k1", {"id": "o1", "state": "PENDING"})
    writer.order("a:x", None, {"id": "o1", "state": "CONFIRMED"})
    writer.close()
    with path.open("a") as file:
        file.write('{"owner": "a:x", "key": "k2", "ord')
    journal = Journal.read(path)
    assert (journal.users, journal.owners) == (["a:x"], {"o1": "a:x"})
    assert journal.states == {"o1": {"PENDING", "CONFIRMED"}}
    assert journal.keys == {("a:x", "k1"): {"o1"}}
    assert path.stat().st_mode & 0o077 == 0


def test_two_orders_under_one_key_violate_i6() -> None:
    """Two orders with one key of one owner violate I6; two owners may use the same key."""
    fine = seen(("a", "k", "o1", "CONFIRMED"), ("a", "k", "o1", "CONFIRMED"), ("b", "k", "o2", "CONFIRMED"))
    assert one_key_one_order(fine).ok
    wrong = one_key_one_order(seen(("a", "k", "o1", "PENDING"), ("a", "k", "o2", "PENDING")))
    assert wrong.violations == ["key k created several orders: o1, o2"]


@pytest.mark.parametrize(
    ("before", "now", "ok"),
    [
        (["PENDING"], "REJECTED", True),
        (["PENDING", "CONFIRMED"], "CONFIRMED", True),
        (["CONFIRMED"], "CANCELLED", True),
        (["CANCELLED", "CONFIRMED"], "CANCELLED", True),
        (["CONFIRMED"], "REJECTED", False),
        (["REJECTED"], "CONFIRMED", False),
        (["REJECTED"], "CANCELLED", False),
        (["CONFIRMED"], "PENDING", False),
        (["CANCELLED"], "CONFIRMED", False),
        (["CONFIRMED", "CANCELLED"], "CONFIRMED", False),
        (["CONFIRMED", "REJECTED"], "REJECTED", False),
    ],
)
def test_changed_terminal_state_violates_i7(before: list[str], now: str, ok: bool) -> None:
    """A terminal state may change only from CONFIRMED to CANCELLED."""
    journal = seen(*[("a", None, "o", state) for state in before])
    assert terminal_states_stay(journal, {"o": now}).ok == ok


def test_missing_order_violates_i8_and_pending_order_i5() -> None:
    """A missing order violates I8, and a pending one I5."""
    now = {"o1": "CONFIRMED", "o2": None, "o3": "PENDING"}
    assert seen_orders_exist(now).violations == ["order o2 was accepted, but no longer exists"]
    assert orders_have_ended(now).violations == ["order o3 is PENDING"]
    assert seen_orders_exist(now).checked == 3


def test_order_readable_by_another_user_violates_i10() -> None:
    """An order that another user can read violates I10."""
    assert strangers_read_nothing(["o1", "o2"], lambda order: None).ok
    wrong = strangers_read_nothing(["o1", "o2"], {"o1": None, "o2": "CONFIRMED"}.get)
    assert wrong.violations == ["order o2 can be read by a user who does not own it"]


def test_report_lists_violations() -> None:
    """The report shows each invariant, the violations, and the result."""
    good, bad = {"ok": True, "violations": []}, {"ok": False, "violations": ["sku X: 2 reserved of 1"]}
    invariants = {f"I{number}": good for number in range(1, 11)}
    result = {"ok": True, "at_rest": True, "invariants": invariants, "outside": {}, "counts": {"orders": 3}}
    assert to_text(result, 30).endswith("ok: 3 orders")
    broken = to_text({**result, "ok": False, "at_rest": False, "invariants": {**invariants, "I1": bad}}, 30)
    assert "I1: sku X: 2 reserved of 1" in broken
    assert "the shop still had unfinished work after 30 s" in broken
    assert broken.endswith("VIOLATED: 3 orders")
