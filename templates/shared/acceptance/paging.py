"""Reading all pages of a list by its cursors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .client import ShopClient

MAX_PAGES = 200


def walk(
    client: ShopClient,
    path: str,
    limit: int,
    query: Mapping[str, str] | None = None,
    between: Callable[[], object] = lambda: None,
) -> list[dict[str, Any]]:
    """Return all items of the list, page by page; call `between` after each page."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    for _ in range(MAX_PAGES):
        response = client.get(path, params={**(query or {}), "limit": limit, **cursor})
        assert response.status_code == 200, response.text
        page = response.json()
        assert page.keys() == {"items", "next_cursor"}
        assert len(page["items"]) <= limit
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = {"cursor": page["next_cursor"]}
        between()
    raise AssertionError(f"{path} has more than {MAX_PAGES} pages")
