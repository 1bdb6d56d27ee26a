"""Operations: probes, metrics and the audit endpoint."""

from __future__ import annotations

import pytest

from .client import ShopClient, User
from .conventions import assert_problem

INVARIANTS = [f"I{number}" for number in range(1, 11)]


@pytest.mark.parametrize("path", ["/livez", "/startupz"])
def test_running_process_is_alive(shop: ShopClient, path: str) -> None:
    """Liveness and startup probes check only the process."""
    response = shop.get(path)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_readiness_names_each_check(shop: ShopClient) -> None:
    """Readiness lists the result for each dependency."""
    response = shop.get("/readyz")
    assert response.status_code == 200, response.text
    assert response.json()["status"] == "ok"
    assert set(response.json()["checks"].values()) <= {"ok"}
    assert response.json()["checks"]


def test_metrics_are_prometheus_text_or_absent(shop: ShopClient) -> None:
    """With observability, /metrics returns the Prometheus text format."""
    response = shop.get("/metrics")
    if response.status_code == 404:
        assert_problem(response, 404, "not-found")
        pytest.skip("this shop has no /metrics: observability is off")
    assert response.headers["content-type"].startswith("text/plain")
    assert "# TYPE " in response.text


def test_audit_is_for_the_administrator(shop: ShopClient, alice: User, admin: User) -> None:
    """Only the administrator can read the audit."""
    if admin.get("/internal/audit").status_code == 404:
        pytest.skip("set AUDIT_ENABLED=true in the shop to test the audit")
    assert_problem(shop.get("/internal/audit"), 401, "unauthenticated")
    assert_problem(alice.get("/internal/audit"), 403, "forbidden")


def test_audit_reports_every_invariant(admin: User) -> None:
    """The audit reports I1 to I10, and the invariants that must always hold do hold."""
    response = admin.get("/internal/audit")
    if response.status_code == 404:
        pytest.skip("set AUDIT_ENABLED=true in the shop to test the audit")
    report = response.json()
    assert sorted(report["invariants"], key=lambda name: int(name[1:])) == INVARIANTS
    assert isinstance(report["at_rest"], bool)
    assert isinstance(report["ok"], bool)
    assert report["counts"]["orders"] >= 0
    for always in ("I1", "I3"):
        assert report["invariants"][always] == {"ok": True, "violations": []}
