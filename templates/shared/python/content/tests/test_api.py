"""The HTTP API: roles, conditions on revisions and entity tags, redirects and validation."""

from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

import pytest
from fastapi import APIRouter
from httpx2 import AsyncClient, Response

from chassis.cache import Cache
from chassis.cache.store import NoStore
from chassis.db.database import Database
from chassis.testing import Serve

from .. import reader_api, staff_api
from ..publication import Publications
from ..reading import Library
from ..service import Articles
from ..staff import Staff

DRAFTS = "/v1/content/articles"
ARTICLE = {
    "slug": "chairs",
    "title": "Chairs",
    "summary": "About chairs.",
    "body": "A *chair*.",
    "category": "furniture",
    "media": [{"url": "https://media.example/chair.jpg", "alt": "A chair"}],
}
NONE = UUID(int=7)


@pytest.fixture
def caller(database: Database, serve: Serve) -> Callable[[str], AsyncClient]:
    """Returns a client that is signed in with a name."""
    cache = Cache(NoStore())
    routes = APIRouter()
    routes.include_router(reader_api.router(Library(database, cache, "https://shop.example/articles")))
    articles, publications = Articles(database), Publications(database, cache)
    routes.include_router(staff_api.router(articles, publications, Staff(database)))
    return serve(routes)


@pytest.fixture
async def admin(caller: Callable[[str], AsyncClient]) -> AsyncClient:
    """The administrator, who has made ann an author and ed an editor."""
    client = caller("admin")
    for name, role in (("ann", "author"), ("ed", "editor")):
        put = await client.put(f"/v1/content/staff/{uuid5(NAMESPACE_DNS, name)}", json={"role": role})
        assert (put.status_code, put.json()["role"]) == (200, role)
    return client


@pytest.fixture
def ann(caller: Callable[[str], AsyncClient], admin: AsyncClient) -> AsyncClient:
    """An author."""
    return caller("ann")


@pytest.fixture
def ed(caller: Callable[[str], AsyncClient], admin: AsyncClient) -> AsyncClient:
    """An editor."""
    return caller("ed")


def code(response: Response) -> tuple[int, str]:
    """Return the status and the code of a problem."""
    return response.status_code, response.json()["type"].removeprefix("urn:problem:")


async def publish(ann: AsyncClient, ed: AsyncClient, path: str) -> None:
    """Submit and publish an article."""
    assert (await ann.post(f"{path}/submit")).status_code == 200
    assert (await ed.post(f"{path}/publish", json={})).status_code == 200


async def test_an_article_from_draft_to_readers(ann: AsyncClient, ed: AsyncClient) -> None:
    """The author writes and submits, the editor publishes, and anybody reads it as HTML."""
    made = await ann.post(DRAFTS, json=ARTICLE)
    path = made.headers["location"]
    assert (made.status_code, made.headers["etag"], made.json()["content"]) == (201, '"1"', ARTICLE)
    assert (await ann.get(path)).json() == made.json()
    await publish(ann, ed, path)
    read = await ann.get("/v1/articles/chairs", headers={"Authorization": ""})
    assert (read.status_code, read.json()["html"]) == (200, "<p>A <em>chair</em>.</p>\n")
    assert read.headers["cache-control"] == "public, max-age=2"
    assert read.json()["media"] == ARTICLE["media"]
    assert "body" not in read.json()


@pytest.mark.parametrize("path", ["", "/chairs", "/feed.atom", "/sitemap.xml", "?category=furniture"])
async def test_unchanged_reads_are_not_sent_again(ann: AsyncClient, ed: AsyncClient, path: str) -> None:
    """A matching If-None-Match answers 304 until another version is published."""
    made = await ann.post(DRAFTS, json=ARTICLE)
    await publish(ann, ed, made.headers["location"])
    first = await ann.get(f"/v1/articles{path}")
    tag = {"If-None-Match": first.headers["etag"]}
    same = await ann.get(f"/v1/articles{path}", headers=tag)
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", first.headers["etag"])
    await ann.put(made.headers["location"], json={**ARTICLE, "title": "Stools"})
    assert (await ann.get(f"/v1/articles{path}", headers=tag)).status_code == 304
    await publish(ann, ed, made.headers["location"])
    assert (await ann.get(f"/v1/articles{path}", headers=tag)).status_code == 200


async def test_an_earlier_slug_redirects(ann: AsyncClient, ed: AsyncClient) -> None:
    """The redirect is permanent, but caches ask again: the slug can become the present one again."""
    path = (await ann.post(DRAFTS, json=ARTICLE)).headers["location"]
    await publish(ann, ed, path)
    await ann.put(path, json={**ARTICLE, "slug": "stools"})
    await publish(ann, ed, path)
    moved = await ann.get("/v1/articles/chairs")
    assert (moved.status_code, moved.headers["location"]) == (308, "/v1/articles/stools")
    assert moved.headers["cache-control"] == "public, max-age=2"
    assert (await ann.get(moved.headers["location"])).status_code == 200


async def test_changes_are_conditional_on_the_revision(ann: AsyncClient, ed: AsyncClient) -> None:
    """Every change of an article takes If-Match, and an outdated one changes nothing."""
    path = (await ann.post(DRAFTS, json=ARTICLE)).headers["location"]
    old, new = {"If-Match": '"1"'}, {"If-Match": '"2"'}
    saved = await ann.put(path, json=ARTICLE, headers=old)
    assert (saved.status_code, saved.headers["etag"]) == (200, '"2"')
    for request in (
        ann.put(path, json=ARTICLE, headers=old),
        ann.post(f"{path}/submit", headers=old),
        ann.post(f"{path}/versions/1/restore", headers=old),
        ed.post(f"{path}/send-back", headers=old),
        ed.post(f"{path}/publish", json={}, headers=old),
        ed.post(f"{path}/withdraw", headers=old),
    ):
        assert code(await request) == (412, "version-mismatch")
    assert (await ann.post(f"{path}/submit", headers=new)).status_code == 200


async def test_the_versions_of_an_article_are_read_compared_and_restored(ann: AsyncClient) -> None:
    """Each version is a resource, and a restored one is the newest."""
    path = (await ann.post(DRAFTS, json=ARTICLE)).headers["location"]
    await ann.put(path, json={**ARTICLE, "body": "A stool."})
    assert [each["number"] for each in (await ann.get(f"{path}/versions")).json()["items"]] == [2, 1]
    assert (await ann.get(f"{path}/versions/1")).json()["content"] == ARTICLE
    lines = (await ann.get(f"{path}/versions/2/diff?against=1")).json()["lines"]
    assert lines[-2:] == ["-A *chair*.", "+A stool."]
    restored = await ann.post(f"{path}/versions/1/restore")
    assert (restored.json()["article"]["version"], restored.json()["content"]) == (3, ARTICLE)
    assert code(await ann.get(f"{path}/versions/9")) == (404, "not-found")
    assert code(await ann.get(f"{path}/versions?cursor=AAAA")) == (400, "bad-cursor")


async def test_a_publication_can_be_scheduled(ann: AsyncClient, ed: AsyncClient) -> None:
    """A time in the future schedules the article; one in the past publishes it."""
    path = (await ann.post(DRAFTS, json=ARTICLE)).headers["location"]
    await ann.post(f"{path}/submit")
    later = await ed.post(f"{path}/publish", json={"at": "2126-01-31T12:00:00+01:00"})
    assert later.json()["article"]["state"] == "SCHEDULED"
    assert later.json()["article"]["publish_at"] == "2126-01-31T11:00:00Z"
    now = await ed.post(f"{path}/publish", json={"at": "2026-01-01T00:00:00Z"})
    assert now.json()["article"]["state"] == "PUBLISHED"
    assert code(await ed.post(f"{path}/publish", json={})) == (409, "article-state")


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
async def test_times_at_the_ends_of_the_calendar_are_handled(
    ann: AsyncClient, ed: AsyncClient, at: str
) -> None:
    """They do not exist in UTC, or are long past."""
    path = (await ann.post(DRAFTS, json=ARTICLE)).headers["location"]
    await ann.post(f"{path}/submit")
    assert (await ed.post(f"{path}/publish", json={"at": at})).status_code in {200, 422}


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        *(
            ("slug", slug, "/slug")
            for slug in ("", "A", "a--b", "-a", "a-", "a/b", "a.b", "größe", "\uff41", "a\n")
        ),
        ("slug", "a" * 101, "/slug"),
        ("slug", "\u0435", "/slug"),
        ("title", "", "/title"),
        ("title", "bell \u0007", "/title"),
        ("title", "\ufffe", "/title"),
        ("summary", "line\nbreak", "/summary"),
        ("body", "nul \0", "/body"),
        ("body", None, "/body"),
        ("body", "\n" * 4000, "/body"),
        ("category", "two words", "/category"),
        ("media", [{"url": "javascript:alert(1)", "alt": ""}], "/media/0/url"),
        ("media", [{"url": "http://media.example/a.jpg", "alt": ""}], "/media/0/url"),
        ("media", [{"url": "https://", "alt": ""}], "/media/0/url"),
        ("media", [{"url": "https://media.example/a b.jpg", "alt": ""}], "/media/0/url"),
        ("media", [{"url": "https://user@media.example/a.jpg", "alt": ""}], "/media/0/url"),
        ("media", [{"url": "https://media.example/a.jpg"}], "/media/0/alt"),
        ("media", ARTICLE["media"] * 21, "/media"),  # type: ignore[operator]
        ("author_id", str(NONE), "/author_id"),
    ],
)
async def test_content_is_validated(ann: AsyncClient, field: str, value: Any, pointer: str) -> None:
    """Creating and saving refuse the same."""
    path = (await ann.post(DRAFTS, json=ARTICLE)).headers["location"]
    for request in (
        ann.post(DRAFTS, json={**ARTICLE, "slug": "other", field: value}),
        ann.put(path, json={**ARTICLE, field: value}),
    ):
        refused = await request
        assert code(refused) == (422, "validation")
        assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]


@pytest.mark.parametrize("slug", ["..%2f..%2fetc", "%00", "Chairs", "a" * 101, "%F0%9F%9B%92", "-"])
async def test_an_impossible_slug_is_no_article(ann: AsyncClient, slug: str) -> None:
    """It is refused or not found, and never an error."""
    assert (await ann.get(f"/v1/articles/{slug}")).status_code in {404, 422}


@pytest.mark.parametrize(("name", "status"), [("", 401), ("alice", 403)])
async def test_only_the_staff_writes(
    caller: Callable[[str], AsyncClient], ann: AsyncClient, name: str, status: int
) -> None:
    """Customers and anonymous callers are refused."""
    path = (await ann.post(DRAFTS, json=ARTICLE)).headers["location"]
    client = caller(name)
    for request in (
        client.get(DRAFTS),
        client.post(DRAFTS, json=ARTICLE),
        client.get(path),
        client.put(path, json=ARTICLE),
        client.post(f"{path}/submit"),
        client.post(f"{path}/publish", json={}),
        client.get(f"{path}/versions"),
        client.get("/v1/content/staff"),
        client.put(f"/v1/content/staff/{NONE}", json={"role": "editor"}),
        client.delete(f"/v1/content/staff/{NONE}"),
    ):
        assert (await request).status_code == status


async def test_roles_are_given_changed_and_taken(
    admin: AsyncClient, ann: AsyncClient, ed: AsyncClient
) -> None:
    """A role counts at once; authors and editors give none."""
    ann_id, ed_id = (uuid5(NAMESPACE_DNS, name) for name in ("ann", "ed"))
    path = (await ann.post(DRAFTS, json=ARTICLE)).headers["location"]
    await ann.post(f"{path}/submit")
    assert code(await ann.post(f"{path}/publish", json={})) == (403, "forbidden")
    assert (await ed.put(f"/v1/content/staff/{ann_id}", json={"role": "editor"})).status_code == 403
    for _ in range(2):
        await admin.put(f"/v1/content/staff/{ann_id}", json={"role": "editor"})
    assert (await ann.post(f"{path}/publish", json={})).status_code == 200
    found = {each["user_id"]: each["role"] for each in (await admin.get("/v1/content/staff")).json()}
    assert found == {str(ann_id): "editor", str(ed_id): "editor"}
    assert (await admin.delete(f"/v1/content/staff/{ann_id}")).status_code == 204
    assert (await ann.get(path)).status_code == 403
    assert (await ed.get(path)).status_code == 200
    assert code(await admin.delete(f"/v1/content/staff/{ann_id}")) == (404, "not-found")
    refused = await admin.put(f"/v1/content/staff/{ann_id}", json={"role": "admin"})
    assert code(refused) == (422, "validation")
