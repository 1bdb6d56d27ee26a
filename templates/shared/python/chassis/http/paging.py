"""Cursor paging: a page starts after the last item of the previous one, so none is skipped or repeated."""

import base64
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Query

from .problems import Problem
from .requests import Digits

T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=100), Digits]
Cursor = Annotated[str | None, Query()]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; `next_cursor` is null on the last page."""

    items: list[T]
    next_cursor: str | None


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], str]) -> Page[T]:
    """Return a page of up to `limit` items from `rows`, which holds one more if there is a next page."""
    items = list(rows[:limit])
    more = len(rows) > limit
    return Page(items, encode_cursor(key(items[-1])) if more else None)


def encode_cursor(key: str) -> str:
    """Return the cursor for the page after the item with the sort key `key`."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """Return the sort key in `cursor`; raise the problem `bad-cursor` for a malformed one."""
    with suppress(ValueError):
        key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        # Other texts, which no page has, are decoded to the same key.
        if encode_cursor(key) == cursor:
            return key
    raise Problem(400, "bad-cursor", "Invalid cursor. Use the next_cursor of another page.")
