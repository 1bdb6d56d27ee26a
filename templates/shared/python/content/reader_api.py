"""HTTP API of published articles, for everybody."""

from hashlib import blake2b
from typing import Annotated

import msgspec
from fastapi import APIRouter, Header, Path, Query, Response

from chassis.http.paging import Cursor, Limit, Page
from chassis.http.replies import JSON
from chassis.http.requests import Text

from .domain import PublishedArticle, Teaser
from .feeds import ATOM, XML
from .reading import Library
from .slugs import LONGEST, SLUG
from .tags import none_match

Slug = Annotated[str, Path(pattern=SLUG, max_length=LONGEST)]
Category = Annotated[str, Query(pattern=SLUG, max_length=LONGEST)]
Search = Annotated[Text, Query(max_length=200)]
IfNoneMatch = Annotated[str | None, Header()]
UNCHANGED = {"description": "Not changed since the version in If-None-Match"}
MOVED = {"description": "The article has another slug now"}
PUBLIC = {"Cache-Control": "public, max-age=2"}


class _Named(msgspec.Struct):
    slug: str


def router(library: Library) -> APIRouter:
    """Return the routes of readers, below `/v1/articles`."""
    routes = APIRouter(prefix="/v1/articles", tags=["content"])

    @routes.get("", responses={200: {"model": Page[Teaser]}, 304: UNCHANGED, 400: {}})
    async def list_articles(
        q: Search | None = None,
        category: Category | None = None,
        cursor: Cursor = None,
        limit: Limit = 20,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """Return published articles, the newest first; `q` are words that an article must have."""
        return _public(await library.page(q, category, cursor, limit), JSON, if_none_match)

    @routes.get(
        "/feed.atom", response_class=Response, responses={200: {"content": {ATOM: {}}}, 304: UNCHANGED}
    )
    async def read_feed(if_none_match: IfNoneMatch = None) -> Response:
        """Return the articles that were updated last."""
        return _public(await library.feed(), ATOM, if_none_match)

    @routes.get(
        "/sitemap.xml", response_class=Response, responses={200: {"content": {XML: {}}}, 304: UNCHANGED}
    )
    async def read_sitemap(if_none_match: IfNoneMatch = None) -> Response:
        """Return the addresses of the articles, for search engines."""
        return _public(await library.sitemap(), XML, if_none_match)

    @routes.get("/{slug}", responses={200: {"model": PublishedArticle}, 304: UNCHANGED, 308: MOVED, 404: {}})
    async def read_article(slug: Slug, if_none_match: IfNoneMatch = None) -> Response:
        """Return a published article; an earlier slug redirects to the present one."""
        body = await library.article(slug)
        present = msgspec.json.decode(body, type=_Named).slug
        if present != slug:
            return Response(status_code=308, headers={**PUBLIC, "Location": f"/v1/articles/{present}"})
        return _public(body, JSON, if_none_match)

    return routes


def _public(body: bytes, media_type: str, condition: str | None) -> Response:
    tag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
    headers = {**PUBLIC, "ETag": tag}
    if none_match(condition, tag):
        return Response(body, 200, headers, media_type=media_type)
    return Response(status_code=304, headers=headers)
