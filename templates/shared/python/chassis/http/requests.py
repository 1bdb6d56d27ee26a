"""Request parsing that several contexts share."""

import re
from typing import Annotated, Any

from fastapi import Header, Path
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints

SKU = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
Sku = Annotated[str, StringConstraints(pattern=f"^{SKU.pattern}$")]
SkuPath = Annotated[str, Path(pattern=f"^{SKU.pattern}$")]
# Not every database can store NUL characters in text.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]


def _as_integer(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# For `1.0`, which is an integer in JSON Schema (2020-12, validation, section 6.1.1).
Whole = BeforeValidator(_as_integer)


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)


def _as_documented(value: object) -> object:
    if not (isinstance(value, str) and _MOMENT.fullmatch(value)):
        raise ValueError("A time is written like 2026-11-28T20:15:00Z.")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_as_documented)]
"""A time as in RFC 3339, which is what OpenAPI calls date-time; pydantic takes numbers, too."""


class Body(BaseModel):
    """A JSON body: unknown properties and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


def in_currency(currency: str, *path: str) -> dict[str, Any]:
    """Return the part of an operation's description that says the only currency of the amount at `path`."""
    schema: dict[str, Any] = {"const": currency}
    for name in (*path, "currency")[::-1]:
        schema = {"properties": {name: schema}}
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def invalid(pointer: str, detail: str) -> RequestValidationError:
    """Return a validation error for the part of the body at `pointer` (RFC 6901)."""
    location = ("body", *pointer.split("/")[1:])
    return RequestValidationError([{"type": "value_error", "loc": location, "msg": detail}])


IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern="^[!-~]{1,255}$",
        description="Names the request, so that a repetition has no further effect.",
    ),
]
