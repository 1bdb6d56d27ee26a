"""Services let in those who may call them, and nobody else; from outside nothing of that can be reached."""

from collections.abc import Iterator
from importlib import import_module
from itertools import product
from uuid import uuid4

import httpx2
import pytest

from acceptance.client import User, connect
from acceptance.identity import discover
from dev.architecture import EDGES, PACKAGE, SERVICES
from dev.workspace import Workspace

CALLERS = [service.name for service in SERVICES if service.calls]
QUESTIONS = {
    "catalog": ("POST", "/internal/products/lookup"),
    "cart": ("GET", f"/internal/carts/{uuid4()}"),
    "inventory": ("GET", f"/internal/reservations/{uuid4()}"),
    "payments": ("GET", f"/internal/payments/{uuid4()}?user_id={uuid4()}"),
}


@pytest.fixture(scope="module")
def administrator(shop: Workspace, admin: str) -> Iterator[User]:
    """The administrator, at the gateway."""
    with connect(shop.url) as http:
        yield discover(http).sign_in(admin)


def token(shop: Workspace, caller: str, audience: str) -> str:
    """Return a token that the caller makes for a call of the audience."""
    tokens = import_module(f"{PACKAGE}.service_calls.tokens").ServiceTokens
    made: str = tokens(caller, shop.environments[caller]["SERVICE_KEY"]).token(audience)
    return made


def ask(url: str, callee: str, bearer: str | None) -> httpx2.Response:
    """Ask the callee something, at `url`."""
    method, path = QUESTIONS[callee]
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    body = {"skus": ["CHAIR-OAK"]} if method == "POST" else None
    return httpx2.request(method, url + path, headers=headers, json=body, trust_env=False)


def test_there_is_a_question_for_each_callee() -> None:
    assert set(QUESTIONS) == {callee for _, callee in EDGES}


@pytest.mark.parametrize(("caller", "callee"), list(product(CALLERS, QUESTIONS)))
def test_who_may_call_is_answered(shop: Workspace, caller: str, callee: str) -> None:
    """And whoever is not listed is refused, though the token is good and made for this callee."""
    answer = ask(shop.urls[callee], callee, token(shop, caller, callee))
    assert answer.status_code == (200 if (caller, callee) in EDGES else 401), answer.text


@pytest.mark.parametrize(("edge", "other"), list(product(EDGES, QUESTIONS)))
def test_a_token_is_for_one_callee(shop: Workspace, edge: tuple[str, str], other: str) -> None:
    """Whoever gets a call cannot use its token for calls of its own."""
    caller, callee = edge
    answer = ask(shop.urls[other], other, token(shop, caller, callee))
    assert answer.status_code == (200 if other == callee else 401), answer.text


@pytest.mark.parametrize("callee", QUESTIONS)
def test_a_user_is_no_service(shop: Workspace, administrator: User, callee: str) -> None:
    """Neither is somebody without any token."""
    assert administrator.token is not None
    for bearer in (None, administrator.token()):
        assert ask(shop.urls[callee], callee, bearer).status_code == 401


@pytest.mark.parametrize(("caller", "callee"), EDGES)
def test_calls_between_services_do_not_pass_the_gateway(shop: Workspace, caller: str, callee: str) -> None:
    """There is nothing at these paths, whoever asks."""
    assert ask(shop.url, callee, token(shop, caller, callee)).status_code == 404


def test_of_all_that_is_internal_the_gateway_passes_the_audit(administrator: User) -> None:
    """And that is for administrators."""
    assert administrator.get("/internal/audit").status_code == 200
    assert administrator.get("/internal/facts").status_code == 404
    assert administrator.http.get("/internal/audit").status_code == 401
