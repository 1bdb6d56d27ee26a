"""Content: versions, slugs, withdrawal, and changes at the same time."""

from __future__ import annotations

from collections import Counter

import httpx2
import pytest

from .articles import DRAFTS, Newsroom
from .client import ShopClient, User
from .conventions import assert_problem, problem_code
from .seeder import VISIBLE_SECONDS, Seeder, assert_eventually
from .simultaneous import send_simultaneously

MANY = 6


@pytest.fixture(scope="module")
def newsroom(seeder: Seeder, http: httpx2.Client) -> Newsroom:
    """An author, an editor and readers."""
    return Newsroom(seeder, http)


def outcomes(client: ShopClient, requests: list[httpx2.Request]) -> Counter[tuple[int, str]]:
    """Send the requests simultaneously, and count the statuses with the codes of problems."""
    return Counter(
        (each.status_code, problem_code(each) if each.status_code >= 400 else "")
        for each in send_simultaneously(client, requests)
    )


def test_every_save_is_a_version(newsroom: Newsroom) -> None:
    """Versions are listed, compared and restored, and an older one never changes."""
    first, author = newsroom.content(body="one\ntwo"), newsroom.author
    path = newsroom.draft(first)
    second = {**first, "body": "one\nthree"}
    assert author.put(path, json=second).headers["etag"] == '"2"'
    assert [each["number"] for each in author.get(f"{path}/versions").json()["items"]] == [2, 1]
    assert author.get(f"{path}/versions/1").json()["content"] == first
    lines = author.get(f"{path}/versions/2/diff", params={"against": 1}).json()["lines"]
    assert lines[-2:] == ["-two", "+three"]
    restored = author.post(f"{path}/versions/1/restore").json()
    assert (restored["article"]["version"], restored["content"]) == (3, first)
    assert author.get(f"{path}/versions/2").json()["content"] == second


def test_published_version_stays_while_a_draft_is_written(newsroom: Newsroom) -> None:
    """Readers see the draft only after its review."""
    content = newsroom.content()
    path = newsroom.published(content)
    assert newsroom.author.put(path, json={**content, "title": "Draft"}).status_code == 200
    assert_problem(newsroom.editor.post(f"{path}/publish", json={}), 409, "article-state")
    assert newsroom.read(f"/{content['slug']}").json()["title"] == content["title"]


def test_earlier_slug_redirects_and_is_never_given_away(newsroom: Newsroom) -> None:
    """Every slug under which an article was public leads to it."""
    content, moved = newsroom.content(), newsroom.content()
    path = newsroom.published(content)
    newsroom.publish_again(path, moved)
    assert_eventually(lambda: newsroom.read(f"/{content['slug']}").status_code, 308, VISIBLE_SECONDS)
    target = newsroom.read(f"/{content['slug']}").headers["location"]
    assert target == f"/v1/articles/{moved['slug']}"
    for slug in (content["slug"], moved["slug"]):
        taken = newsroom.editor.post(DRAFTS, json=newsroom.content(slug=slug))
        assert_problem(taken, 409, "slug-taken")


def test_withdrawn_article_disappears(newsroom: Newsroom) -> None:
    """It is found neither by its slug nor by search, and its slug stays its own."""
    content = newsroom.content()
    path = newsroom.published(content)
    assert newsroom.editor.post(f"{path}/withdraw").json()["public_version"] is None
    assert_eventually(lambda: newsroom.read(f"/{content['slug']}").status_code, 404, VISIBLE_SECONDS)
    assert content["slug"] not in newsroom.listed(category="tests", q=content["title"])
    assert_problem(newsroom.editor.post(f"{path}/withdraw"), 409, "article-state")
    assert_problem(newsroom.author.post(DRAFTS, json=content), 409, "slug-taken")


def test_one_of_several_articles_gets_a_slug(newsroom: Newsroom) -> None:
    """Of simultaneous requests for one slug, one succeeds, and the others leave nothing behind."""
    content = newsroom.content()
    requests = [newsroom.author.build("POST", DRAFTS, json=content) for _ in range(MANY)]
    seen = outcomes(newsroom.author, requests)
    assert seen == {(201, ""): 1, (409, "slug-taken"): MANY - 1}
    listed = newsroom.author.get(DRAFTS, params={"limit": 100}).json()["items"]
    assert [each["slug"] for each in listed].count(content["slug"]) == 1


def test_one_of_several_edits_of_a_revision_is_saved(newsroom: Newsroom) -> None:
    """The other editors are told that the article has changed, and overwrite nothing."""
    content = newsroom.content()
    path = newsroom.draft(content)
    edits = [
        newsroom.author.build(
            "PUT", path, json={**content, "title": f"Edit {number}"}, headers={"If-Match": '"1"'}
        )
        for number in range(MANY)
    ]
    seen = outcomes(newsroom.author, edits)
    assert seen == {(200, ""): 1, (412, "version-mismatch"): MANY - 1}
    assert newsroom.author.get(path).json()["article"]["version"] == 2


def test_one_of_several_editors_publishes(newsroom: Newsroom) -> None:
    """Of editors who publish and send back at the same time, one decides."""
    path, second = newsroom.in_review(), newsroom.member("editor")
    requests = [
        *(
            editor.build("POST", f"{path}/publish", json={})
            for editor in (newsroom.editor, second, newsroom.admin)
        ),
        second.build("POST", f"{path}/send-back"),
    ]
    seen = outcomes(newsroom.editor, requests)
    assert seen == {(200, ""): 1, (409, "article-state"): len(requests) - 1}
    assert newsroom.editor.get(path).json()["article"]["revision"] == 3


def test_audit_finds_slugs_and_publications_as_they_were(newsroom: Newsroom, admin: User) -> None:
    """A slug answers for one article (I6), and a published version never changes (I7)."""
    newsroom.published()
    # A content service has a report of its database; otherwise, the shop has one of everything.
    response = admin.get("/internal/audit/content")
    if response.status_code == 404:
        response = admin.get("/internal/audit")
    if response.status_code == 404:
        pytest.skip("set AUDIT_ENABLED=true in the shop to test the audit")
    report = response.json()
    assert report["counts"]["articles_public"] >= 1
    for name in ("I6", "I7"):
        articles = [each for each in report["invariants"][name]["violations"] if "article" in each]
        assert articles == []
