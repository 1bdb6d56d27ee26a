"""Publishing: review, schedule, redirects of slugs, withdrawal, and editors at the same time."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from chassis.auth.security import Forbidden
from chassis.clock import now
from chassis.db.connections import Connection
from chassis.db.database import Database
from chassis.http.problems import Conflict, NotFound, Problem

from .. import publication, search
from ..domain import ArticleEvent, ArticlePublished, ArticleState, ArticleWithdrawn
from ..tables import article
from .newsroom import ANN, CONTENT, EDITOR, Newsroom, content
from .test_writing import codes

LATER = timedelta(days=1)


async def make_due(database: Database) -> None:
    """Move the time of all scheduled articles into the past."""
    async with database.transaction() as transaction:
        await transaction.execute(
            sa.update(article).where(article.c.publish_at.is_not(None)).values(publish_at=now() - LATER)
        )


async def test_readers_see_what_an_editor_published(newsroom: Newsroom) -> None:
    """A draft is invisible; its reviewed version becomes public, and a later draft changes nothing."""
    draft = await newsroom.in_review()
    with pytest.raises(NotFound):
        await newsroom.read("chairs")
    published = await newsroom.publications.publish(EDITOR, draft.article.id, None, None)
    assert (published.article.state, published.public_version) == (ArticleState.PUBLISHED, 1)
    seen = await newsroom.read("chairs")
    assert (seen.title, seen.html, seen.version) == ("Chairs", "<p>A <em>chair</em> has legs.</p>\n", 1)
    saved = await newsroom.articles.save(ANN, draft.article.id, content("chairs", title="Stools"), None)
    assert (saved.article.state, saved.public_version) == (ArticleState.DRAFT, 1)
    assert await newsroom.read("chairs") == seen


async def test_authors_do_not_publish(newsroom: Newsroom) -> None:
    """Publishing, sending back and withdrawing are up to editors."""
    draft = await newsroom.in_review()
    for call in (
        newsroom.publications.publish(ANN, draft.article.id, None, None),
        newsroom.publications.publish(ANN, draft.article.id, now() + LATER, None),
        newsroom.publications.send_back(ANN, draft.article.id, None),
        newsroom.publications.withdraw(ANN, draft.article.id, None),
    ):
        with pytest.raises(Forbidden):
            await call


async def test_a_version_that_was_not_reviewed_is_not_published(newsroom: Newsroom) -> None:
    """A change after the review began takes the article out of it, and a revision pins what was reviewed."""
    draft = await newsroom.in_review()
    await newsroom.articles.save(ANN, draft.article.id, content("chairs", title="Spam"), None)
    with pytest.raises(Conflict):
        await newsroom.publications.publish(EDITOR, draft.article.id, None, None)
    await newsroom.articles.submit(ANN, draft.article.id, None)
    with pytest.raises(Problem, match="now at revision 4"):
        await newsroom.publications.publish(EDITOR, draft.article.id, None, {draft.article.revision})


async def test_one_of_several_editors_publishes(connect: Callable[[], Database]) -> None:
    """Publishing and sending back at the same time have one effect; the other editors learn the state."""
    rooms = [Newsroom(connect()) for _ in range(3)]
    draft = await rooms[0].in_review()
    publishing = (room.publications.publish(EDITOR, draft.article.id, None, None) for room in rooms)
    outcomes = await asyncio.gather(*publishing, return_exceptions=True)
    assert codes(outcomes) == ["article-state", "article-state", "ok"]
    assert (await rooms[0].articles.read(EDITOR, draft.article.id)).article.revision == 3


async def test_a_scheduled_article_is_published_once_at_its_time(connect: Callable[[], Database]) -> None:
    """Before its time it is invisible; then one of several processes publishes it."""
    rooms = [Newsroom(connect()) for _ in range(3)]
    draft = await rooms[0].in_review()
    scheduled = await rooms[0].publications.publish(EDITOR, draft.article.id, now() + LATER, None)
    assert scheduled.article.state is ArticleState.SCHEDULED
    assert await rooms[0].publications.publish_due() == 0
    with pytest.raises(NotFound):
        await rooms[0].read("chairs")
    await make_due(connect())
    await asyncio.gather(*(room.publications.publish_due() for room in rooms))
    after = await rooms[0].articles.read(EDITOR, draft.article.id)
    assert (after.article.state, after.article.publish_at) == (ArticleState.PUBLISHED, None)
    assert after.article.revision == scheduled.article.revision + 1
    assert (await rooms[0].read("chairs")).version == 1


async def test_the_loop_publishes(
    newsroom: Newsroom, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on after an error, and until it is cancelled."""
    monkeypatch.setattr(publication, "POLL_SECONDS", 0.01)
    draft = await newsroom.in_review()
    await newsroom.publications.publish(EDITOR, draft.article.id, now() + LATER, None)
    await make_due(database)
    publish, calls = newsroom.publications.publish_due, 0

    async def failing_first() -> int:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise OSError("planted")
        return await publish()

    monkeypatch.setattr(newsroom.publications, "publish_due", failing_first)
    loop = asyncio.create_task(newsroom.publications.run())
    while (await newsroom.articles.read(EDITOR, draft.article.id)).public_version is None:
        await asyncio.sleep(0.01)
    loop.cancel()


@pytest.mark.parametrize("change", ["save", "send back", "publish now"])
async def test_a_schedule_can_be_given_up(newsroom: Newsroom, database: Database, change: str) -> None:
    """A scheduled article that is changed, sent back or published at once has no time any longer."""
    draft = await newsroom.in_review()
    await newsroom.publications.publish(EDITOR, draft.article.id, now() + LATER, None)
    if change == "save":
        await newsroom.articles.save(ANN, draft.article.id, CONTENT, None)
    elif change == "send back":
        await newsroom.publications.send_back(EDITOR, draft.article.id, None)
    else:
        await newsroom.publications.publish(EDITOR, draft.article.id, None, None)
    await make_due(database)
    assert await newsroom.publications.publish_due() == 0


async def test_an_article_that_fails_holds_up_no_other(
    newsroom: Newsroom, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are published, and it is tried again."""
    for slug in ("a", "b"):
        draft = await newsroom.in_review(content(slug))
        await newsroom.publications.publish(EDITOR, draft.article.id, now() + LATER, None)
    await make_due(database)
    index = search.index_words
    failed = False

    async def failing_once(*arguments: object) -> None:
        nonlocal failed
        if not failed:
            failed = True
            raise OSError("planted")
        await index(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(search, "index_words", failing_once)
    await newsroom.publications.publish_due()
    assert len(await newsroom.listed()) == 1
    await newsroom.publications.publish_due()
    assert sorted(await newsroom.listed()) == ["a", "b"]


async def test_an_earlier_slug_leads_to_the_article(newsroom: Newsroom) -> None:
    """Once a slug was public, it stays the article's, and nobody else can take it."""
    draft = await newsroom.published()
    await newsroom.articles.save(ANN, draft.article.id, content("stools"), None)
    # The new slug is not public before the version is.
    with pytest.raises(NotFound):
        await newsroom.read("stools")
    assert (await newsroom.read("chairs")).slug == "chairs"
    await newsroom.publish_again(draft.article.id, content("stools"))
    await newsroom.publish_again(draft.article.id, content("benches"))
    for slug in ("chairs", "stools", "benches"):
        assert (await newsroom.read(slug)).slug == "benches"
        with pytest.raises(Problem, match=f"has the slug {slug}"):
            await newsroom.articles.create(EDITOR, content(slug))
    await newsroom.publish_again(draft.article.id, CONTENT)
    assert (await newsroom.read("stools")).slug == "chairs"


async def test_a_withdrawn_article_is_gone_and_can_come_back(newsroom: Newsroom) -> None:
    """It is in no list and under no slug, until it is reviewed and published again."""
    draft = await newsroom.published()
    withdrawn = await newsroom.publications.withdraw(EDITOR, draft.article.id, None)
    assert (withdrawn.article.state, withdrawn.public_version) == (ArticleState.DRAFT, None)
    assert (await newsroom.listed(), await newsroom.listed("chair")) == ([], [])
    with pytest.raises(NotFound):
        await newsroom.read("chairs")
    with pytest.raises(Conflict):
        await newsroom.publications.withdraw(EDITOR, draft.article.id, None)
    await newsroom.articles.submit(ANN, draft.article.id, None)
    await newsroom.publications.publish(EDITOR, draft.article.id, None, None)
    assert (await newsroom.read("chairs")).version == 1


async def test_withdrawing_leaves_a_newer_draft_alone(newsroom: Newsroom) -> None:
    """A version in review stays in review."""
    draft = await newsroom.published()
    await newsroom.articles.save(ANN, draft.article.id, CONTENT, None)
    await newsroom.articles.submit(ANN, draft.article.id, None)
    withdrawn = await newsroom.publications.withdraw(EDITOR, draft.article.id, None)
    assert withdrawn.article.state is ArticleState.IN_REVIEW


async def test_what_readers_see_is_announced(database: Database) -> None:
    """Publishing at once or later and withdrawing are announced; a draft, a review and a schedule are not."""
    announced: list[ArticleEvent] = []

    async def announce(_: Connection, event: ArticleEvent) -> None:
        announced.append(event)

    newsroom = Newsroom(database, announce)
    article_id = (await newsroom.published()).article.id
    await newsroom.articles.save(ANN, article_id, content("stools"), None)
    await newsroom.articles.submit(ANN, article_id, None)
    await newsroom.publications.publish(EDITOR, article_id, now() + LATER, None)
    assert len(announced) == 1
    await make_due(database)
    await newsroom.publications.publish_due()
    await newsroom.publications.withdraw(EDITOR, article_id, None)
    first = ArticlePublished(article_id, ANN.user_id, 1, "chairs", "Chairs", "About chairs.", "furniture")
    assert announced == [first, replace(first, version=2, slug="stools"), ArticleWithdrawn(article_id)]


async def test_nothing_becomes_public_that_is_not_announced(database: Database) -> None:
    """The announcement and the change are one transaction."""

    async def refuse(*_: object) -> None:
        raise OSError("planted")

    newsroom = Newsroom(database, refuse)
    draft = await newsroom.in_review()
    with pytest.raises(OSError, match="planted"):
        await newsroom.publications.publish(EDITOR, draft.article.id, None, None)
    assert (await newsroom.articles.read(EDITOR, draft.article.id)) == draft
