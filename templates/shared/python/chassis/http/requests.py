"""Request parsing that several contexts share."""

import re
from typing import Annotated, Any
from uuid import UUID

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


def written(form: str, example: str) -> BeforeValidator:
    """Return a validator of texts in one form; pydantic also takes others, such as `+5`, ` 5` and `5_0`."""
    pattern = re.compile(form, re.ASCII | re.IGNORECASE)

    def checked(value: object) -> object:
        if not (isinstance(value, str) and pattern.fullmatch(value)):
            raise ValueError(f"It is written like {example}.")
        return value

    return BeforeValidator(checked)


Digits = written(r"\d+", "20")
Decimal = written(r"-?\d+(\.\d+)?(e[+-]?\d+)?", "2.5")
Id = Annotated[
    UUID, written(r"[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}", "0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6")
]
Moment = Annotated[
    AwareDatetime,
    written(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "2026-11-28T20:15:00Z"),
]
"""A time as in RFC 3339, which is what OpenAPI calls date-time."""


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
