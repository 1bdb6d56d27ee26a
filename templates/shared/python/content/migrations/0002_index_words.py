"""Index the public articles again: words have marks, and compatible characters are equal."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "content_0002"
down_revision = "content_0001"
branch_labels = None
depends_on = None

_LONGEST = 40
_ALONE = "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_ALONE}][^\w ]*|\w[^{_ALONE} ]*")
_VARIATIONS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_article = sa.table("article", sa.column("id", sa.Uuid))
_public = sa.table("public_article", sa.column("article_id", sa.Uuid), sa.column("version", sa.Integer))
_version = sa.table(
    "article_version",
    sa.column("article_id", sa.Uuid),
    sa.column("number", sa.Integer),
    *(sa.column(name, sa.String) for name in ("title", "summary", "body")),
)
_word = sa.table("article_word", sa.column("word", sa.String), sa.column("article_id", sa.Uuid))


def upgrade() -> None:
    """Index the articles. Processes of the version before index those that they publish in their own way."""
    _index(_words)


def downgrade() -> None:
    """Index the articles as before."""
    _index(lambda text: re.findall(r"\w+", text.casefold()))


def _index(words: Callable[[str], list[str]]) -> None:
    connection = op.get_bind()
    for article in connection.scalars(sa.select(_public.c.article_id).order_by(_public.c.article_id)).all():
        stored = connection.scalars(sa.select(_word.c.word).where(_word.c.article_id == article))
        if _found(article, words) == set(stored):
            continue
        # As publications do, which may have changed the article since it was read.
        connection.execute(sa.select(_article.c.id).where(_article.c.id == article).with_for_update())
        connection.execute(sa.delete(_word).where(_word.c.article_id == article))
        if found := sorted(_found(article, words)):
            op.bulk_insert(_word, [{"word": each, "article_id": article} for each in found])


def _found(article: Any, words: Callable[[str], list[str]]) -> set[str]:
    version = sa.and_(_version.c.article_id == _public.c.article_id, _version.c.number == _public.c.version)
    columns = (_version.c.title, _version.c.summary, _version.c.body)
    texts = sa.select(*columns).join_from(_public, _version, version)
    row = op.get_bind().execute(texts.where(_public.c.article_id == article)).one_or_none()
    return {word[:_LONGEST] for text in row or () for word in words(text)}


def _words(text: str) -> list[str]:
    spaced = _spaced(unicodedata.normalize("NFKD", _spaced(text)))
    return _WORD.findall(unicodedata.normalize("NFC", spaced.casefold()))


def _spaced(text: str) -> str:
    return text.translate({ord(each): _part(each) for each in set(text)})


def _part(character: str) -> str:
    category = unicodedata.category(character)
    if _VARIATIONS.match(character) or (category == "Cf" and character != "\u200b"):
        return ""
    return character if character == "_" or category[0] in "LMN" else " "
