"""Reading: lists, search, feed and sitemap of the published articles."""

from xml.etree import ElementTree

import msgspec
import pytest

from chassis.db.database import Database
from chassis.http.paging import Page
from chassis.http.problems import Problem

from ..domain import Teaser
from ..feeds import atom
from .newsroom import CONTENT, URL, Newsroom, content

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BODIES = {
    "oak": "An Oak chair, 100% wool.",
    "size": "GRÖSSE und Straße; under_score",
    "stool": "A stool for the *oak* table",
}


async def test_articles_are_listed_newest_first_once_each(newsroom: Newsroom) -> None:
    """Pages do not overlap, and a new version of an article does not move it."""
    first = await newsroom.published(content("a"))
    for slug in ("b", "c", "d"):
        await newsroom.published(content(slug))
    await newsroom.publish_again(first.article.id, content("a", title="New"))
    seen, cursor = [], None
    for _ in range(2):
        body = await newsroom.library.page(None, None, cursor, 2)
        page = msgspec.json.decode(body, type=Page[Teaser])
        seen += [each.slug for each in page.items]
        cursor = page.next_cursor
    assert (seen, cursor) == (["d", "c", "b", "a"], None)
    for invalid in ("AAAA", "!", "eyJ9"):
        with pytest.raises(Problem, match="cursor"):
            await newsroom.library.page(None, None, invalid, 2)


async def test_a_category_selects_its_articles(newsroom: Newsroom) -> None:
    """An article is in the category of its public version."""
    first = await newsroom.published(content("a", category="news"))
    await newsroom.published(content("b", category="how-to"))
    assert await newsroom.listed(category="news") == ["a"]
    await newsroom.publish_again(first.article.id, content("a", category="how-to"))
    assert (await newsroom.listed(category="news"), await newsroom.listed(category="how-to")) == (
        [],
        ["b", "a"],
    )
    assert await newsroom.listed("chair", "how-to") == ["b", "a"]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("oak", ["stool", "oak"]),
        ("OAK chair", ["oak"]),
        ("chair oak", ["oak"]),
        ("oak oak", ["stool", "oak"]),
        ("oa", []),
        ("größe", ["size"]),
        ("STRASSE", ["size"]),
        ("strasse table", []),
        ("100", ["oak"]),
        ("under_score", ["size"]),
        ("a% ' OR 1=1 --", []),
        ("%", ["stool", "size", "oak"]),
        ("", ["stool", "size", "oak"]),
        ("🛒", ["stool", "size", "oak"]),
    ],
)
async def test_search_finds_articles_with_all_words(newsroom: Newsroom, q: str, found: list[str]) -> None:
    """Words are whole, in any order and any case; punctuation does not count."""
    for slug, body in BODIES.items():
        await newsroom.published(content(slug, body=body))
    assert await newsroom.listed(q) == found


async def test_search_follows_the_public_version(newsroom: Newsroom) -> None:
    """Words of a draft find nothing; those of an older version no longer do."""
    draft = await newsroom.published(content("chairs", body="apple"))
    await newsroom.publish_again(draft.article.id, content("chairs", body="pear", title="Fruit"))
    assert (await newsroom.listed("apple"), await newsroom.listed("pear fruit")) == ([], ["chairs"])


async def test_repeated_reads_need_no_database(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles, lists, feed and sitemap are served from the cache; a publication is seen at once."""
    draft = await newsroom.published()

    async def read_all() -> list[bytes]:
        library = newsroom.library
        return [
            await library.article("chairs"),
            await library.page(None, None, None, 20),
            await library.feed(),
            await library.sitemap(),
        ]

    first = await read_all()
    with monkeypatch.context() as without:
        without.delattr(Database, "reading")
        assert await read_all() == first
    await newsroom.publish_again(draft.article.id, content("chairs", title="Stools"))
    second = await read_all()
    assert all(b"Stools" in body for body in second[:3])
    assert second[3] != first[3]


async def test_the_feed_is_atom_of_the_last_updates(newsroom: Newsroom) -> None:
    """Each entry has the id of its article, whatever its slug, and text that is no markup."""
    first = await newsroom.published(content("a", title="<b>A & B</b>"))
    await newsroom.published(content("b"))
    await newsroom.publish_again(first.article.id, content("c", title="<b>A & B</b>"))
    feed = ElementTree.fromstring(await newsroom.library.feed())  # noqa: S314
    assert feed.findtext(f"{ATOM}id") == f"{URL}/feed.atom"
    entries = feed.findall(f"{ATOM}entry")
    links = [link.attrib["href"] for each in entries if (link := each.find(f"{ATOM}link")) is not None]
    assert links == [f"{URL}/c", f"{URL}/b"]
    assert entries[0].findtext(f"{ATOM}id") == f"urn:uuid:{first.article.id}"
    assert entries[0].findtext(f"{ATOM}title") == "<b>A & B</b>"
    assert entries[0].findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated")


def test_an_empty_feed_has_a_time_that_stays() -> None:
    """Every feed needs one, and a feed that changes with each read has no use of an entity tag."""
    assert b"<updated>1970-01-01T00:00:00.000000+00:00</updated>" in atom("shop", URL, [])


async def test_the_sitemap_lists_the_present_slugs(newsroom: Newsroom) -> None:
    """Earlier slugs and drafts are not in it."""
    draft = await newsroom.published()
    await newsroom.in_review(content("hidden"))
    await newsroom.publish_again(draft.article.id, content("stools"))
    urls = ElementTree.fromstring(await newsroom.library.sitemap())  # noqa: S314
    assert [each.text for each in urls.iter(f"{SITEMAP}loc")] == [f"{URL}/stools"]
    assert CONTENT.slug != "stools"
