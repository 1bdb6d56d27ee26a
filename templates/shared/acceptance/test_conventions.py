"""Conventions: request IDs, unknown routes and methods, media types."""

from __future__ import annotations

import json

import pytest

from .client import ShopClient, User
from .conventions import assert_invalid, assert_problem
from .seeder import Seeder


def test_valid_request_id_is_kept(shop: ShopClient) -> None:
    """A valid X-Request-ID is returned, so that clients can find the request in logs."""
    for request_id in ("a", "Client.42_x-y", "z" * 64):
        response = shop.get("/v1/products", headers={"X-Request-ID": request_id})
        assert response.headers["x-request-id"] == request_id


@pytest.mark.parametrize("request_id", ["", "z" * 65, "two words", "<script>", "a;b", "na/me", '"'])
def test_invalid_request_id_is_replaced(shop: ShopClient, request_id: str) -> None:
    """An X-Request-ID that could forge log lines is replaced."""
    response = shop.get("/v1/products", headers={"X-Request-ID": request_id})
    assert response.headers["x-request-id"] != request_id


def test_generated_request_ids_are_unique(shop: ShopClient) -> None:
    """Each request without an X-Request-ID gets a unique one."""
    made = [shop.get("/v1/products").headers["x-request-id"] for _ in range(5)]
    assert len(set(made)) == 5


@pytest.mark.parametrize("path", ["/v1/nothing", "/nothing", "/v1/products/a/b/c", "/v1"])
def test_unknown_route_is_a_not_found_problem(shop: ShopClient, path: str) -> None:
    """An unknown route is answered with a problem document, like every other error."""
    assert_problem(shop.get(path), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/v1/products"), ("PUT", "/v1/orders"), ("POST", "/v1/me")]
)
def test_wrong_method_gets_the_allowed_ones(alice: User, method: str, path: str) -> None:
    """A 405 response lists the allowed methods (RFC 9110, 15.5.6)."""
    response = alice.request(method, path)
    assert_problem(response, 405, "method-not-allowed")
    assert response.headers["allow"]


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/vnd.api+json",
        "application/*",
        "*/*",
        "x",
    ],
)
def test_body_that_is_not_json_is_refused(alice: User, media_type: str) -> None:
    """A body that is not application/json is refused, so that a cross-site form cannot place an order."""
    headers = {"Content-Type": media_type, "Idempotency-Key": "media"}
    assert_problem(alice.post("/v1/orders", content=b"{}", headers=headers), 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "parameters", ["; charset=utf-8", ";charset=iso-8859-1", "; charset=x-none", ";", ";x=y"]
)
def test_json_is_utf_8_whatever_its_parameters(seeder: Seeder, parameters: str) -> None:
    """Parameters of the JSON media type, which has none, are ignored."""
    headers = {"Content-Type": f"application/json{parameters}"}
    body = json.dumps(seeder.draft(name="Größe"), ensure_ascii=False).encode()
    response = seeder.admin.post("/v1/products", content=body, headers=headers)
    assert (response.status_code, response.json().get("name")) == (201, "Größe")


def test_refusals_are_not_stored(shop: ShopClient, alice: User) -> None:
    """A cache must not store that something private does not exist, or that a token is missing."""
    unknown = "/v1/orders/01890a5d-ac96-774b-bcce-b302099a8057"
    for response in (alice.get(unknown), shop.get("/v1/me"), alice.put("/v1/cart/items/x", json={})):
        assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("accept", ["text/html", "application/xml;q=0.5", "application/json;q=0", "x", ""])
def test_response_has_its_one_form(shop: ShopClient, seeder: Seeder, accept: str) -> None:
    """Every path has one form, and a request that accepts only others gets it, too."""
    headers = {"Accept": accept}
    assert shop.get("/v1/products", headers=headers).status_code == 200
    assert seeder.admin.get("/v1/wallet", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "body", [b"{", b'{"on_hand": }', b"on_hand=1", b"\xff\xfe{}", b'{"on_hand": 1}}', b'{"on_hand": 1}{}']
)
def test_malformed_json_is_a_bad_request(seeder: Seeder, body: bytes) -> None:
    """Malformed JSON is refused with 400; valid JSON of the wrong shape gets 422.

    Internal error: the JSON was malformed (MahoCommerce/maho#1116).
    """
    path = f"/v1/stock/{seeder.name()}"
    response = seeder.admin.put(path, content=body, headers={"Content-Type": "application/json"})
    assert_problem(response, 400, "bad-request")


def test_missing_body_is_refused(seeder: Seeder) -> None:
    """A missing body is refused with 400 or 422."""
    response = seeder.admin.put(f"/v1/stock/{seeder.name()}", headers={"Content-Type": "application/json"})
    assert response.status_code in {400, 422}, response.text


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"on_hand"'])
def test_json_of_another_type_is_invalid(seeder: Seeder, body: bytes) -> None:
    """A JSON body that is not an object is refused."""
    path = f"/v1/stock/{seeder.name()}"
    response = seeder.admin.put(path, content=body, headers={"Content-Type": "application/json"})
    assert_problem(response, 422, "validation")


def test_unknown_property_is_refused_by_its_pointer(seeder: Seeder) -> None:
    """An unknown property is refused, so that a misspelled optional property is noticed.

    Internal error: a property was misspelled (magento/magento2#8342).
    """
    response = seeder.admin.put(f"/v1/stock/{seeder.name()}", json={"on_hand": 1, "on_hnad": 2})
    assert_invalid(response, "/on_hnad")


def test_missing_property_is_refused_by_its_pointer(seeder: Seeder) -> None:
    """A missing property is reported with its JSON pointer."""
    assert_invalid(seeder.admin.put(f"/v1/stock/{seeder.name()}", json={}), "/on_hand")
    draft = seeder.draft()
    del draft["price"]["currency"]
    assert_invalid(seeder.admin.post("/v1/products", json=draft), "/price/currency")
