"""An update of the real monolith gives what `new` would give, plus the edits."""

from pathlib import Path

import pytest

from .projects import content, edit, outcomes
from .running import blueprint

SECRETS = {
    ".env",
    "deploy/.env",
    "deploy/kubernetes/secrets.env",
    ".blueprint/private/pristine.tar.gz",
}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Another empty folder."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def sets(answers: dict[str, str]) -> list[str]:
    """Return `answers` as --set flags."""
    return [word for name, value in answers.items() for word in ("--set", f"{name}={value}")]


def create_shop(here: Path, answers: dict[str, str]) -> Path:
    """Create a shop with `answers`."""
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
def test_changed_answers_give_what_new_gives(
    here: Path, elsewhere: Path, before: dict[str, str], after: dict[str, str]
) -> None:
    """Changed answers give the files of a new project, except secrets: nothing is left over or missing."""
    shop = create_shop(here, before)
    assert blueprint("update", *sets(after), cwd=shop).status in (0, 8)

    updated, fresh = content(shop), content(create_shop(elsewhere, after))
    assert updated.keys() ^ fresh.keys() == set()
    different = {path for path in fresh.keys() & updated.keys() if fresh[path] != updated[path]}
    assert different - SECRETS == set()


def test_redis_to_memcached_needs_nobody(here: Path) -> None:
    """In a project without edits, secret files follow the answers as well, with their random values."""
    shop = create_shop(here, {"cache": "redis"})
    before = (shop / "deploy/kubernetes/secrets.env").read_text()
    done = blueprint("update", "--set", "cache=memcached", "--json", cwd=shop)
    after = (shop / "deploy/kubernetes/secrets.env").read_text()
    assert (done.status, done.json["needs_you"]) == (0, 0)
    assert "memcached" in after
    assert set(before.splitlines()) - set(after.splitlines()) == {
        line for line in before.splitlines() if "redis" in line.lower()
    }


def test_redis_to_memcached_keeps_edits(here: Path) -> None:
    """From Redis to memcached, edits are kept, and conflicts and secrets are reported."""
    shop = create_shop(here, {"cache": "redis"})
    edit(shop, "deploy/kubernetes/secrets.env", "\n", "\n# Ours.\n")
    edit(shop, "README.md", "\n", "\nOurs.\n")
    edit(shop, "src/chassis/cache/backend.py", '"""', '"""Ours. ')
    done = blueprint("update", "--set", "cache=memcached", "--json", cwd=shop)

    found = outcomes(done)
    assert done.status == 8
    assert found["README.md"] == "merged"
    assert found["src/chassis/cache/backend.py"] == "conflict"
    assert found["deploy/kubernetes/secrets.env"] == "kept-secret"
    assert "Ours." in (shop / "README.md").read_text()
    assert "Ours." in (shop / "src/chassis/cache/backend.py").read_text()


def test_migrations_of_a_removed_component_are_kept(here: Path) -> None:
    """Migrations of a removed component are kept, since a database may have its tables."""
    shop = create_shop(here, {"auth": "jwt"})
    migrations = sorted(path.relative_to(shop) for path in shop.glob("src/shop/identity/migrations/0*.py"))
    done = blueprint("update", "--set", "auth=oauth2", "--json", cwd=shop)

    found = outcomes(done)
    assert migrations
    assert {found[str(path)] for path in migrations} == {"kept-migration"}
    assert all((shop / path).is_file() for path in migrations)
