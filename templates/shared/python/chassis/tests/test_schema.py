"""Tests of the comparison of migrations."""

from pathlib import Path

import pytest

from ..db.schema import Revision, known_revisions, missing


def chain(context: str, *ids: str) -> list[Revision]:
    """Return migrations of a context that follow each other."""
    return [Revision(each, context, frozenset(ids[number - 1 : number])) for number, each in enumerate(ids)]


CATALOG = chain("catalog", "c1", "c2")
ORDERS = chain("orders", "o1", "o2")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], {"c1", "c2", "o1", "o2"}),
        (["c1", "o2"], {"c2"}),
        (["o2"], {"c1", "c2"}),
        (["c2", "o2"], set()),
        (["c3", "o2"], set()),
        (["c3", "o3"], set()),
        (["c3", "o1"], {"o2"}),
    ],
)
def test_a_database_lacks_what_it_has_not_applied(rows: list[str], expected: set[str]) -> None:
    """A row that the code does not know is from a newer release: its context lacks nothing."""
    assert missing(CATALOG + ORDERS, rows) == expected


def test_contexts_that_the_code_does_not_have_are_ignored() -> None:
    """A context that has moved to another service leaves its row; it says nothing of a new context."""
    assert missing([*ORDERS, *chain("sagas", "sagas_0001")], ["o2", "payments_0002"]) == {"sagas_0001"}
    assert missing(chain("payments", "payments_0001"), ["payments_0002"]) == set()


def test_dependencies_on_other_contexts_are_applied() -> None:
    """Alembic keeps no row for a migration that the migration of another context depends on."""
    dependent = Revision("o3", "orders", frozenset({"o2", "c2"}))
    assert missing([*CATALOG, *ORDERS, dependent], ["o3"]) == set()


def test_files_are_read_without_alembic(tmp_path: Path) -> None:
    """Assignments may be annotated, and a migration may merge two others."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.py").write_text("import nowhere\nrevision = 'c1'\ndown_revision = None\n")
    (folder / "0002_merge.py").write_text(
        "revision: str = 'c2'\ndown_revision: tuple[str, ...] = ('c1', 'b1')\ndepends_on = 'o2'\n"
    )
    (folder / "__init__.py").touch()
    assert known_revisions({"catalog": tmp_path}) == [
        Revision("c1", "catalog", frozenset()),
        Revision("c2", "catalog", frozenset({"c1", "b1", "o2"})),
    ]
