"""Updates of the real monolith: what an update gives is what `new` would give, and the edits."""

from pathlib import Path

import pytest

from .projects import content, edit, outcomes
from .running import blueprint

SECRETS = {".env", "deploy/.env", "deploy/kubernetes/secrets.env"}
ARCHIVE = ".blueprint/pristine.tar.gz"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Another empty folder."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def sets(answers: dict[str, str]) -> list[str]:
    """`answers` on a command line."""
    return [word for name, value in answers.items() for word in ("--set", f"{name}={value}")]


def made(here: Path, answers: dict[str, str]) -> Path:
    """A shop made with `answers`."""
    done = blueprint("new", "shop", "--yes", *sets(answers), cwd=here)
    assert done.status == 0, done.err
    return here / "shop"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"cache": "redis"}, {"cache": "memcached"}),
        ({"cache": "memory", "load_balancer": "nginx"}, {"cache": "redis", "load_balancer": "haproxy"}),
        ({"observability": "no", "kubernetes": "yes"}, {"observability": "yes", "kubernetes": "no"}),
        ({"database": "postgresql", "auth": "oauth2"}, {"database": "mysql", "auth": "jwt"}),
    ],
)
def test_other_answers_give_what_new_gives(
    here: Path, elsewhere: Path, before: dict[str, str], after: dict[str, str]
) -> None:
    """Byte by byte, but for secrets: nothing of the choice before is left, and nothing is missing."""
    shop = made(here, before)
    assert blueprint("update", *sets(after), cwd=shop).status in (0, 8)

    updated, fresh = content(shop), content(made(elsewhere, after))
    assert (updated.keys() ^ fresh.keys()) - SECRETS == set()
    different = {path for path in fresh.keys() & updated.keys() if fresh[path] != updated[path]}
    assert different - SECRETS == set()


def test_redis_to_memcached_keeps_edits_and_says_what_is_left_to_do(here: Path) -> None:
    """A file of the component that goes, one of every shop's, and a secret that names the component."""
    shop = made(here, {"cache": "redis"})
    edit(shop, "README.md", "\n", "\nOurs.\n")
    edit(shop, "src/shop/chassis/cache/backend.py", '"""', '"""Ours. ')
    done = blueprint("update", "--set", "cache=memcached", "--json", cwd=shop)

    found = outcomes(done)
    assert done.status == 8
    assert found["README.md"] == "merged"
    assert found["src/shop/chassis/cache/backend.py"] == "conflict"
    assert found["deploy/kubernetes/secrets.env"] == "kept-secret"
    assert "Ours." in (shop / "README.md").read_text()
    assert "Ours." in (shop / "src/shop/chassis/cache/backend.py").read_text()


def test_a_migration_stays_when_its_component_goes(here: Path) -> None:
    """The database has its tables."""
    shop = made(here, {"auth": "jwt"})
    migrations = sorted(path.relative_to(shop) for path in shop.glob("src/shop/identity/migrations/0*.py"))
    done = blueprint("update", "--set", "auth=oauth2", "--json", cwd=shop)

    found = outcomes(done)
    assert migrations
    assert {found[str(path)] for path in migrations} == {"kept-migration"}
    assert all((shop / path).is_file() for path in migrations)
