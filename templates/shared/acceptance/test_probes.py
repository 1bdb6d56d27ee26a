"""Operations: probes, metrics and the audit endpoint."""

from __future__ import annotations

import pytest

from .client import ShopClient, User
from .conventions import assert_problem

INVARIANTS = [f"I{number}" for number in range(1, 11)]


@pytest.mark.parametrize("path", ["/livez", "/startupz"])
def test_running_process_is_alive(shop: ShopClient, path: str) -> None:
    """Liveness and start-up look at the process alone."""
    response = shop.get(path)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_readiness_names_each_check(shop: ShopClient) -> None:
    """Readiness says which dependency is meant."""
    response = shop.get("/readyz")
    assert response.status_code == 200, response.text
    assert response.json()["status"] == "ok"
    assert set(response.json()["checks"].values()) <= {"ok"}
    assert response.json()["checks"]


def test_metrics_are_prometheus_text_or_absent(shop: ShopClient) -> None:
    """Where observability was chosen, /metrics speaks the Prometheus text format."""
    response = shop.get("/metrics")
    if response.status_code == 404:
        assert_problem(response, 404, "not-found")
        pytest.skip("observability was not chosen")
    assert response.headers["content-type"].startswith("text/plain")
    assert "# TYPE " in response.text


def test_audit_is_for_the_administrator(shop: ShopClient, alice: User, admin: User) -> None:
    """Where it is enabled, nobody else reads the audit; elsewhere it does not exist."""
    if admin.get("/internal/audit").status_code == 404:
        pytest.skip("AUDIT_ENABLED is not true")
    assert_problem(shop.get("/internal/audit"), 401, "unauthenticated")
    assert_problem(alice.get("/internal/audit"), 403, "forbidden")


def test_audit_reports_every_invariant(admin: User) -> None:
    """The audit speaks of I1 to I10, and what must hold at any moment holds now."""
    response = admin.get("/internal/audit")
    if response.status_code == 404:
        pytest.skip("AUDIT_ENABLED is not true")
    report = response.json()
    assert sorted(report["invariants"], key=lambda name: int(name[1:])) == INVARIANTS
    assert isinstance(report["at_rest"], bool)
    assert isinstance(report["ok"], bool)
    assert report["counts"]["orders"] >= 0
    for always in ("I1", "I3"):
        assert report["invariants"][always] == {"ok": True, "violations": []}
