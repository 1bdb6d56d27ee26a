"""Writing: versions, differences, restoring, slugs, and edits at the same time."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from chassis.db.database import Database
from chassis.http.problems import NotFound, Problem

from ..domain import ArticleState, Content, Draft, Media
from ..tables import article_slug
from .newsroom import ANN, BEN, CONTENT, EDITOR, Newsroom, content


def codes(outcomes: list[Draft | BaseException]) -> list[str]:
    """Return the codes of the problems, and `ok` for each success; other exceptions are raised."""
    found = []
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, Problem):
            raise outcome
        found.append(outcome.code if isinstance(outcome, Problem) else "ok")
    return sorted(found)


async def test_every_save_is_a_version_that_stays(newsroom: Newsroom) -> None:
    """The newest content is the article's; the older versions remain as they were saved."""
    media = replace(CONTENT, media=[Media("https://media.example/a.jpg", "A chair")])
    made = await newsroom.articles.create(ANN, media)
    assert (made.article.state, made.article.version, made.article.revision) == (ArticleState.DRAFT, 1, 1)
    saved = await newsroom.articles.save(ANN, made.article.id, content("chairs", title="Stools"), None)
    assert (saved.article.version, saved.article.revision, saved.content.title) == (2, 2, "Stools")
    assert await newsroom.articles.read(ANN, made.article.id) == saved
    first = await newsroom.articles.version(ANN, made.article.id, 1)
    assert (first.content, first.saved_by) == (media, ANN.user_id)
    page = await newsroom.articles.versions(ANN, made.article.id, None, 20)
    assert [(each.number, each.title) for each in page.items] == [(2, "Stools"), (1, "Chairs")]
    with pytest.raises(NotFound):
        await newsroom.articles.version(ANN, made.article.id, 3)


async def test_text_is_stored_unchanged(newsroom: Newsroom) -> None:
    """Unicode, quotes and the longest texts come back as they were saved."""
    text = "Größe 测试 🛒 e\u0301 'quoted' \"double\" \\ % _ ; -- <b> \u202e\r\n\ttab  "
    longest = Content("a" * 100, "🛒" * 200, "🛒" * 1000, text + "🛒" * 15_000, "c" * 100, [])
    made = await newsroom.articles.create(ANN, longest)
    assert (await newsroom.articles.read(ANN, made.article.id)).content == longest


async def test_a_difference_names_the_changed_lines(newsroom: Newsroom) -> None:
    """The body is compared line by line, and so are the title and the other properties."""
    made = await newsroom.articles.create(ANN, content("chairs", body="one\ntwo\nthree"))
    await newsroom.articles.save(ANN, made.article.id, content("chairs", title="T", body="one\nthree"), None)
    lines = (await newsroom.articles.diff(ANN, made.article.id, 1, 2)).lines
    assert lines[:2] == ["--- version 1", "+++ version 2"]
    assert [line for line in lines[2:] if line[0] in "+-"] == ["-title: Chairs", "+title: T", "-two"]
    assert (await newsroom.articles.diff(ANN, made.article.id, 2, 2)).lines == []


async def test_a_restored_version_is_a_new_one(newsroom: Newsroom) -> None:
    """Restoring deletes nothing: the content of the old version becomes the newest."""
    made = await newsroom.articles.create(ANN, CONTENT)
    await newsroom.articles.save(ANN, made.article.id, content("stools"), None)
    restored = await newsroom.articles.restore(ANN, made.article.id, 1, None)
    assert (restored.article.version, restored.content) == (3, CONTENT)
    with pytest.raises(NotFound):
        await newsroom.articles.restore(ANN, made.article.id, 9, None)


async def test_authors_see_only_their_own_articles(newsroom: Newsroom) -> None:
    """For another author, an article does not exist; editors see and change all."""
    made = await newsroom.articles.create(ANN, CONTENT)
    for call in (
        newsroom.articles.read(BEN, made.article.id),
        newsroom.articles.save(BEN, made.article.id, CONTENT, None),
        newsroom.articles.submit(BEN, made.article.id, None),
        newsroom.articles.restore(BEN, made.article.id, 1, None),
        newsroom.articles.versions(BEN, made.article.id, None, 20),
        newsroom.articles.version(BEN, made.article.id, 1),
        newsroom.articles.diff(BEN, made.article.id, 1, 1),
    ):
        with pytest.raises(NotFound):
            await call
    assert (await newsroom.articles.page(BEN, None, None, 20)).items == []
    assert len((await newsroom.articles.page(EDITOR, None, None, 20)).items) == 1
    assert (await newsroom.articles.save(EDITOR, made.article.id, CONTENT, None)).article.version == 2


async def test_articles_are_listed_newest_first_and_by_state(newsroom: Newsroom) -> None:
    """Pages follow each other, and a state selects the articles in it."""
    for slug in ("a", "b", "c"):
        await newsroom.articles.create(ANN, content(slug))
    await newsroom.in_review(content("d"))
    first = await newsroom.articles.page(ANN, None, None, 3)
    second = await newsroom.articles.page(ANN, None, first.next_cursor, 3)
    assert [each.slug for each in first.items + second.items] == ["d", "c", "b", "a"]
    assert second.next_cursor is None
    waiting = await newsroom.articles.page(EDITOR, ArticleState.IN_REVIEW, None, 3)
    assert [each.slug for each in waiting.items] == ["d"]


async def test_one_of_several_edits_of_a_revision_is_saved(connect: Callable[[], Database]) -> None:
    """The other editors get `version-mismatch` and overwrite nothing."""
    rooms = [Newsroom(connect()) for _ in range(3)]
    made = await rooms[0].articles.create(ANN, CONTENT)
    edits = (
        rooms[number % 3].articles.save(ANN, made.article.id, content("chairs", title=str(number)), {1})
        for number in range(6)
    )
    outcomes = await asyncio.gather(*edits, return_exceptions=True)
    assert codes(outcomes) == ["ok"] + ["version-mismatch"] * 5
    assert (await rooms[0].articles.read(ANN, made.article.id)).article.version == 2


async def test_unconditional_edits_are_all_versions(connect: Callable[[], Database]) -> None:
    """Without a condition, no edit is lost: each is a version."""
    rooms = [Newsroom(connect()) for _ in range(3)]
    made = await rooms[0].articles.create(ANN, CONTENT)
    edits = (
        room.articles.save(ANN, made.article.id, content("chairs", title=str(number)), None)
        for number, room in enumerate(rooms * 2)
    )
    await asyncio.gather(*edits)
    page = await rooms[0].articles.versions(ANN, made.article.id, None, 20)
    assert [each.number for each in page.items] == [7, 6, 5, 4, 3, 2, 1]
    assert {each.title for each in page.items} == {"Chairs", "0", "1", "2", "3", "4", "5"}


async def test_a_slug_belongs_to_one_article(connect: Callable[[], Database]) -> None:
    """Of several articles that take a slug at the same time, one gets it; no other leaves anything behind."""
    rooms = [Newsroom(connect()) for _ in range(3)]
    made = [await room.articles.create(ANN, content(f"a-{number}")) for number, room in enumerate(rooms)]
    claims = [
        *(room.articles.create(ANN, CONTENT) for room in rooms),
        *(
            room.articles.save(ANN, each.article.id, CONTENT, None)
            for room, each in zip(rooms, made, strict=True)
        ),
    ]
    assert codes(await asyncio.gather(*claims, return_exceptions=True)) == ["ok"] + ["slug-taken"] * 5
    assert (await slugs(connect()))["chairs"] is False
    with pytest.raises(Problem, match="has the slug chairs"):
        await rooms[0].articles.create(BEN, CONTENT)


async def test_a_slug_that_was_never_public_is_free_again(newsroom: Newsroom, database: Database) -> None:
    """A draft keeps only the slug of its newest version."""
    made = await newsroom.articles.create(ANN, CONTENT)
    await newsroom.articles.save(ANN, made.article.id, content("stools"), None)
    assert await slugs(database) == {"stools": False}
    await newsroom.articles.create(BEN, CONTENT)
    with pytest.raises(Problem, match="has the slug chairs"):
        await newsroom.articles.restore(ANN, made.article.id, 1, None)


async def slugs(database: Database) -> dict[str, bool]:
    """Return all slugs, and whether each was public."""
    async with database.reading() as connection:
        rows = await connection.execute(sa.select(article_slug.c.slug, article_slug.c.was_public))
        return {row.slug: row.was_public for row in rows}
