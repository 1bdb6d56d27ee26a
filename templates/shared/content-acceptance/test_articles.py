"""Content: articles from draft to readers, roles, hostile input, feed and sitemap."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import httpx2
import pytest

from .articles import DRAFTS, Newsroom
from .client import ShopClient, User
from .conventions import assert_invalid, assert_problem
from .seeder import VISIBLE_SECONDS, Seeder, assert_eventually

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SCHEDULED_SECONDS = 30.0


@pytest.fixture(scope="module")
def newsroom(seeder: Seeder, http: httpx2.Client) -> Newsroom:
    """An author, an editor and readers."""
    return Newsroom(seeder, http)


def test_article_is_seen_once_an_editor_has_published_it(newsroom: Newsroom) -> None:
    """Readers see neither a draft nor an article in review, and of a published one the sanitized HTML."""
    media = [{"url": "https://media.example.com/a.jpg", "alt": "A picture"}]
    content = newsroom.content(body="# Hello\n\n*there*", media=media)
    path = newsroom.draft(content)
    assert newsroom.read(f"/{content['slug']}").status_code == 404
    newsroom.submit(path)
    assert newsroom.read(f"/{content['slug']}").status_code == 404
    newsroom.show(path)
    seen = newsroom.read(f"/{content['slug']}").json()
    assert (seen["title"], seen["media"], seen["version"]) == (content["title"], media, 1)
    assert seen["html"] == "<h1>Hello</h1>\n<p><em>there</em></p>\n"


def test_authors_do_not_publish(newsroom: Newsroom) -> None:
    """Publishing, sending back and withdrawing need an editor."""
    path = newsroom.in_review()
    for call in ("publish", "send-back", "withdraw"):
        options: dict[str, Any] = {"json": {}} if call == "publish" else {}
        assert_problem(newsroom.author.post(f"{path}/{call}", **options), 403, "forbidden")


def test_drafts_of_another_author_are_not_found(newsroom: Newsroom) -> None:
    """An author neither reads nor changes an article of another; an editor does both."""
    path, other = newsroom.draft(), newsroom.member("author")
    assert_problem(other.get(path), 404, "not-found")
    assert_problem(other.put(path, json=newsroom.content()), 404, "not-found")
    assert_problem(other.post(f"{path}/submit"), 404, "not-found")
    assert_problem(other.get(f"{path}/versions"), 404, "not-found")
    assert newsroom.editor.put(path, json=newsroom.content()).status_code == 200


def test_customers_and_anonymous_callers_do_not_write(
    newsroom: Newsroom, shop: ShopClient, alice: User
) -> None:
    """Without a role in the staff, content is for reading; roles are given by the administrator alone."""
    path = newsroom.draft()
    calls: list[tuple[str, str, Any]] = [
        ("GET", DRAFTS, None),
        ("POST", DRAFTS, newsroom.content()),
        ("GET", path, None),
        ("PUT", path, newsroom.content()),
        ("POST", f"{path}/submit", None),
        ("POST", f"{path}/publish", {}),
        ("GET", f"{path}/versions/1", None),
        ("GET", "/v1/content/staff", None),
        ("PUT", f"/v1/content/staff/{alice.id}", {"role": "editor"}),
        ("DELETE", f"/v1/content/staff/{alice.id}", None),
    ]
    for method, at, body in calls:
        options = {} if body is None else {"json": body}
        assert_problem(shop.request(method, at, **options), 401, "unauthenticated")
        assert_problem(alice.request(method, at, **options), 403, "forbidden")
    for staff in (newsroom.author, newsroom.editor):
        response = staff.put(f"/v1/content/staff/{staff.id}", json={"role": "editor"})
        assert_problem(response, 403, "forbidden")


def test_a_removed_author_no_longer_writes(newsroom: Newsroom) -> None:
    """The role is gone at once, although the token is still valid."""
    former = newsroom.member("author")
    assert former.post(DRAFTS, json=newsroom.content()).status_code == 201
    assert newsroom.admin.delete(f"/v1/content/staff/{former.id}").status_code == 204
    assert_problem(former.post(DRAFTS, json=newsroom.content()), 403, "forbidden")


def test_scheduled_article_appears_at_its_time(newsroom: Newsroom) -> None:
    """Nobody has to publish it again, and before its time it is not seen."""
    content = newsroom.content()
    path = newsroom.in_review(content)
    at = datetime.now(UTC) + timedelta(seconds=3)
    assert newsroom.publish(path, at=at.isoformat())["article"]["state"] == "SCHEDULED"
    while (response := newsroom.read(f"/{content['slug']}")).status_code == 404:
        assert datetime.now(UTC) < at + timedelta(seconds=SCHEDULED_SECONDS)
        time.sleep(0.1)
    published = datetime.fromisoformat(response.json()["published_at"])
    assert published >= at
    assert newsroom.author.get(path).json()["article"]["state"] == "PUBLISHED"


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](java&#115;cript:alert(1))",
        "![a](data:text/html;base64,PHNjcmlwdD4=)",
        '[a](https://x.example "\\" onmouseover=alert(1)")',
        "<svg/onload=alert(1)>",
    ],
)
def test_markdown_runs_nothing(newsroom: Newsroom, body: str) -> None:
    """Scripts, handlers and addresses that run code do not reach readers."""
    content = newsroom.content(body=body)
    newsroom.published(content)
    html = newsroom.read(f"/{content['slug']}").json()["html"]
    tags = [re.sub('"[^"]*"', '""', tag) for tag in re.findall("<[^>]*>", html)]
    assert not [tag for tag in tags if re.match(r"<(script|svg|iframe)|.*\son\w+\s*=", tag, re.IGNORECASE)]
    assert not re.search(r'(href|src)="(?!https?:|mailto:)', html)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "../etc"),
        ("slug", "a b"),
        ("slug", "größe"),
        ("slug", "\uff41"),
        ("slug", "a\n"),
        ("slug", "a" * 101),
        ("title", "\u0000"),
        ("title", ""),
        ("category", "Two Words"),
        ("body", "\u0000"),
        ("body", "\n" * 4000),
        ("summary", "x" * 1001),
        ("author_id", "x"),
    ],
)
def test_content_that_is_not_allowed_is_refused(newsroom: Newsroom, field: str, value: object) -> None:
    """The problem names the property."""
    response = newsroom.author.post(DRAFTS, json=newsroom.content(**{field: value}))
    assert_invalid(response, f"/{field}")


def test_a_huge_body_is_refused(newsroom: Newsroom) -> None:
    """An article is at most as long as the largest request."""
    content = newsroom.content(body="x" * 70_000)
    response = newsroom.author.post(DRAFTS, json=content, headers={"Connection": "close"})
    assert_problem(response, 413, "too-large")


@pytest.mark.parametrize("slug", ["..%2f..%2fetc%2fpasswd", "%00", "%ff", "x" * 3000, "'%20OR%201=1--", "{}"])
def test_impossible_slug_is_no_article(newsroom: Newsroom, slug: str) -> None:
    """A path segment that cannot be a slug is not found or refused, and never causes an error."""
    assert newsroom.read(f"/{slug}").status_code in {400, 404}


@pytest.mark.parametrize(
    "article", ["5", "01890a5dac96774bbcceb302099a8057", "01890a5d-ac96-774b-bcce-b302099a8057"]
)
@pytest.mark.parametrize("rest", ["", "/versions", "/versions/1", "/versions/1/diff?against=1"])
def test_unknown_article_is_not_found(newsroom: Newsroom, article: str, rest: str) -> None:
    """Unknown and malformed ids are answered with 404."""
    assert_problem(newsroom.editor.get(f"{DRAFTS}/{article}{rest}"), 404, "not-found")


@pytest.mark.parametrize("number", ["0", "x", "+1", "1.0", "9" * 30])
def test_impossible_version_is_not_found(newsroom: Newsroom, number: str) -> None:
    """A version has a number; in the query, it is refused like every other parameter."""
    path = f"{newsroom.draft()}/versions"
    assert_problem(newsroom.author.get(f"{path}/{number}"), 404, "not-found")
    query = {"against": number}
    assert_problem(newsroom.author.get(f"{path}/1/diff", params=query), 422, "validation")


def test_one_tilde_is_a_tilde(newsroom: Newsroom) -> None:
    """Only two tildes strike text through."""
    content = newsroom.content(body="~5 to ~~6~~ ~7")
    newsroom.published(content)
    html = newsroom.read(f"/{content['slug']}").json()["html"]
    assert re.fullmatch("<p>~5 to <(s|del)>6</(s|del)> ~7</p>\n", html)


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff", "category=%00", "cursor=x", "limit=0", "q=" + "x" * 3000]
)
def test_unusual_query_is_handled(newsroom: Newsroom, query: str) -> None:
    """It returns results or is refused, and never causes an error."""
    assert newsroom.read(f"?{query}").status_code in {200, 400, 422}


def test_search_finds_whole_words_in_any_order(newsroom: Newsroom, seeder: Seeder) -> None:
    """An article is found by the words of its title and text, and not by those of its draft."""
    word = seeder.name().lower().replace("-", "")
    content = newsroom.content(title=f"Große {word}", body=f"The *lamp{word}* shines.")
    path = newsroom.published(content)
    for q in (word, f"lamp{word} {word.upper()}", f"GROSSE, {word}!"):
        assert_eventually(lambda: newsroom.listed(q=q), [content["slug"]], VISIBLE_SECONDS)  # noqa: B023
    assert newsroom.listed(q=f"{word} missing{word}") == []
    assert newsroom.author.put(path, json={**content, "body": f"draft{word}"}).status_code == 200
    assert newsroom.listed(q=f"draft{word}") == []


@pytest.mark.parametrize(
    ("title", "q"),
    [
        ("Cafe\u0301", "CAFÉ"),
        ("हिन्दी, न", "न हिन्दी"),
        ("น้ำ", "น้ำ!"),
        ("10 m²", "m2"),
        ("Donau\u00addampf", "donaudampf"),
        ("東京の店", "店 東京"),
    ],
)
def test_search_knows_the_words_of_any_script(newsroom: Newsroom, seeder: Seeder, title: str, q: str) -> None:
    """Marks belong to their words, an ideograph is a word, and it does not matter how a text is encoded."""
    word = seeder.name().lower().replace("-", "")
    content = newsroom.content(title=f"{title} {word}")
    newsroom.published(content)
    assert_eventually(lambda: newsroom.listed(q=f"{word} {q}"), [content["slug"]], VISIBLE_SECONDS)
    assert newsroom.listed(q=f"{word} ह") == []


def test_unchanged_article_is_not_sent_again(newsroom: Newsroom) -> None:
    """The entity tag gets 304 until another version is published."""
    content = newsroom.content()
    path = newsroom.published(content)
    tag = {"If-None-Match": newsroom.read(f"/{content['slug']}").headers["etag"]}
    same = newsroom.read(f"/{content['slug']}", headers=tag)
    assert (same.status_code, same.content) == (304, b"")
    newsroom.publish_again(path, {**content, "title": "Changed"})
    assert newsroom.read(f"/{content['slug']}", headers=tag).status_code == 200


def test_feed_and_sitemap_have_published_articles(newsroom: Newsroom) -> None:
    """Both are well-formed and link to the article, whose title is text and no markup."""
    content = newsroom.content(title="<b>News & more</b>")
    newsroom.published(content)

    def feed() -> dict[str, str]:
        root = ElementTree.fromstring(newsroom.read("/feed.atom").content)  # noqa: S314
        entries = root.findall(f"{ATOM}entry")
        links = [link.attrib["href"] for each in entries if (link := each.find(f"{ATOM}link")) is not None]
        titles = [str(each.findtext(f"{ATOM}title")) for each in entries]
        return {link.rpartition("/")[2]: title for link, title in zip(links, titles, strict=True)}

    def sitemap() -> set[str]:
        root = ElementTree.fromstring(newsroom.read("/sitemap.xml").content)  # noqa: S314
        return {str(each.text).rpartition("/")[2] for each in root.iter(f"{SITEMAP}loc")}

    assert_eventually(lambda: feed().get(content["slug"]), content["title"], VISIBLE_SECONDS)
    assert_eventually(lambda: content["slug"] in sitemap(), True, VISIBLE_SECONDS)
    assert newsroom.read("/feed.atom").headers["content-type"].startswith("application/atom+xml")
