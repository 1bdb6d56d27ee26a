"""Words: texts that readers take for the same have the same words."""

from unicodedata import normalize

import pytest
import sqlalchemy as sa

from chassis.db import migrating
from chassis.db.database import Database

from ..tables import article_word
from ..words import LONGEST, words
from .newsroom import Newsroom, content

TEXTS = ("Café m² 東京", "हिन्दी है", "น้ำ ชา", "Donau\u00addampf")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café", "CAFE\u0301"),
        ("\u03b1\u0345\u0301", "\u03b1\u0301\u0345"),
        ("हिन्दी", "हिन्दी!"),
        ("น้ำ", "(น้ำ)"),
        ("m² ½", "M2 1\u20442"),
        ("\uff21\uff22\uff23\uff11\uff12 \uff83\uff9e\uff9d\uff77", "abc12 デンキ"),
        ("Donau\u00addampf", "donaudampf"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u062e\u0648\u0627\u0647\u0645"),
        ("1\ufe0f\u20e3 ❤\ufe0f 葛\U000e0100", "1\u20e3 葛"),
        ("red\u200bchair", "chair red"),
        ("東京の店", "店の東京"),
        ("don\u2019t", "don't"),
        ("over\u203fthere Foo\u2122", "foo there over"),
    ],
)
def test_texts_with_the_same_words_are_equal(one: str, other: str) -> None:
    """Case, the encoding of accents, compatible and invisible characters, and punctuation do not count."""
    assert sorted(words(one)) == sorted(words(other)) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("हिन्दी", "हन्द"),
        ("น้ำ", "นำ"),
        ("é", "e"),
        ("\u0131\u015f\u0131k", "I\u015eIK"),
        ("under_score", "under score"),
    ],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    """Marks are parts of words."""
    assert words(one) != words(other)


def test_a_mark_without_a_letter_is_no_word() -> None:
    """Such as the variation selector of an emoji."""
    assert words("\u0301 ❤\ufe0f ! \u200b") == []


def test_a_long_word_is_cut() -> None:
    """It is found by its beginning, which the database has room for."""
    assert words("𐐨" * 50) == ["𐐨" * LONGEST]


async def test_the_migration_indexes_articles_that_exist(newsroom: Newsroom, database: Database) -> None:
    """A downgrade gives the words of the version before; an upgrade gives the present ones again."""
    for number, text in enumerate(TEXTS):
        await newsroom.published(content(f"a{number}", title=text))
    before = await index_of(database)
    await migrating.downgrade(database, "content_0001")
    older = await index_of(database)
    assert "m²" in older
    assert "हिन्दी" not in older
    await migrating.upgrade(database)
    assert await index_of(database) == before
    for number, text in enumerate(TEXTS):
        assert await newsroom.listed(normalize("NFD", text.upper())) == [f"a{number}"]


async def index_of(database: Database) -> dict[str, int]:
    """Return how many articles are found by each word."""
    async with database.reading() as connection:
        rows = await connection.execute(
            sa.select(article_word.c.word, sa.func.count()).group_by(article_word.c.word)
        )
        return {row[0]: row[1] for row in rows}
