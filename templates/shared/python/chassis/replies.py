"""Answers encoded by msgspec, which is several times faster than a response model."""

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import Response

JSON = "application/json"
PRIVATE = {"Cache-Control": "no-store"}


def reply(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return `content` (dataclasses, lists, scalars) as a JSON answer that no cache keeps."""
    return reply_bytes(msgspec.json.encode(content), status, headers)


def reply_bytes(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an already encoded JSON body, private unless `headers` say otherwise."""
    return Response(body, status, {**PRIVATE, **(headers or {})}, media_type=JSON)
