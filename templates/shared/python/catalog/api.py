"""HTTP API of the catalog."""

from hashlib import blake2b
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Query, Response
from pydantic import ConfigDict, Field, StringConstraints
from typing_extensions import TypedDict

from chassis.auth.security import ADMIN, role
from chassis.http.paging import Cursor, Limit, Page
from chassis.http.replies import JSON, reply
from chassis.http.requests import Body, Sku, SkuPath, Text, Whole, in_currency, invalid
from chassis.money import Money

from .domain import Product
from .service import Catalog
from .tags import none_match, versions_matching

Name = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
Description = Annotated[Text, StringConstraints(max_length=4000)]
Category = Annotated[Text, StringConstraints(min_length=1, max_length=100)]
Search = Annotated[Text, Query(max_length=200)]
AT_LEAST_ONE = ConfigDict(json_schema_extra={"minProperties": 1})
UNCHANGED = {"description": "Not changed since the version in If-None-Match"}
PUBLIC = {"Cache-Control": "public, max-age=2"}


class Price(Body):
    """The price of one unit, in minor units of the shop's currency."""

    amount: Annotated[int, Field(ge=0, le=1_000_000_000), Whole]
    currency: str


class NewProduct(Body):
    """A product to add to the catalog."""

    sku: Sku
    name: Name
    description: Description
    category: Category
    price: Price


class ProductChanges(TypedDict, total=False):
    """The properties to change; omitted ones keep their values."""

    __pydantic_config__ = Body.model_config | AT_LEAST_ONE  # type: ignore[misc]

    name: Name
    description: Description
    category: Category
    price: Price


class _Versioned(msgspec.Struct):
    version: int


def router(catalog: Catalog, currency: str) -> APIRouter:
    """Return the routes of the catalog; prices are in `currency` (ISO 4217)."""
    routes = APIRouter(tags=["catalog"])
    admin = role(ADMIN)

    def amount(price: Price) -> int:
        if price.currency != currency:
            raise invalid("/price/currency", f"The currency must be {currency}.")
        return price.amount

    @routes.get("/v1/products", responses={200: {"model": Page[Product]}, 304: UNCHANGED, 400: {}})
    async def list_products(
        q: Search | None = None,
        category: Search | None = None,
        cursor: Cursor = None,
        limit: Limit = 20,
        if_none_match: Annotated[str | None, Header()] = None,
    ) -> Response:
        body = await catalog.page(q, category, cursor, limit)
        return _public(body, f'"{blake2b(body, digest_size=8).hexdigest()}"', if_none_match)

    @routes.get("/v1/products/{sku}", responses={200: {"model": Product}, 304: UNCHANGED, 404: {}})
    async def read_product(sku: SkuPath, if_none_match: Annotated[str | None, Header()] = None) -> Response:
        body = await catalog.product(sku)
        return _public(body, _tag(msgspec.json.decode(body, type=_Versioned).version), if_none_match)

    @routes.post(
        "/v1/products",
        status_code=201,
        responses={201: {"model": Product}, 409: {}},
        dependencies=[admin],
        openapi_extra=in_currency(currency, "price"),
    )
    async def create_product(body: NewProduct) -> Response:
        price = Money(amount(body.price), currency)
        product = Product(body.sku, body.name, body.description, body.category, price, version=1)
        await catalog.create(product)
        return reply(product, 201, {"Location": f"/v1/products/{product.sku}", "ETag": _tag(1)})

    @routes.patch(
        "/v1/products/{sku}",
        responses={200: {"model": Product}, 404: {}, 412: {}},
        dependencies=[admin],
        openapi_extra=in_currency(currency, "price"),
    )
    async def change_product(
        sku: SkuPath, body: ProductChanges, if_match: Annotated[str | None, Header()] = None
    ) -> Response:
        if not body:
            raise invalid("", "Specify at least one field to change.")
        changes = {**body, "price": amount(body["price"])} if "price" in body else body
        product = await catalog.change(sku, changes, versions_matching(if_match))
        return reply(product, 200, {"ETag": _tag(product.version)})

    return routes


def _tag(version: int) -> str:
    return f'"{version}"'


def _public(body: bytes, tag: str, condition: str | None) -> Response:
    headers = {**PUBLIC, "ETag": tag}
    if none_match(condition, tag):
        return Response(body, 200, headers, media_type=JSON)
    return Response(status_code=304, headers=headers)
