"""Request parsing that several contexts share."""

import re
from typing import Annotated

from fastapi import Depends, Header, Path
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, StringConstraints

from .problems import Problem

SKU = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
Sku = Annotated[str, StringConstraints(pattern=f"^{SKU.pattern}$")]
SkuPath = Annotated[str, Path(pattern=f"^{SKU.pattern}$")]
# Not every database can store NUL characters in text.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]


class Body(BaseModel):
    """A JSON body: unknown properties and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


def invalid(pointer: str, detail: str) -> RequestValidationError:
    """Return a validation error for the part of the body at `pointer` (RFC 6901)."""
    location = ("body", *pointer.split("/")[1:])
    return RequestValidationError([{"type": "value_error", "loc": location, "msg": detail}])


async def _idempotency_key(key: Annotated[str | None, Header(alias="Idempotency-Key")] = None) -> str:
    if not key:
        raise Problem(400, "idempotency-key-missing", "The Idempotency-Key header is required.")
    if re.fullmatch(r"[!-~]{1,255}", key) is None:
        raise Problem(400, "bad-request", "The Idempotency-Key must have 1 to 255 visible ASCII characters.")
    return key


IdempotencyKey = Annotated[str, Depends(_idempotency_key)]
