"""Updates of the real monolith: the result equals a new project with the same answers, plus the edits."""

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
    """`answers` as arguments of a command line."""
    return [word for name, value in answers.items() for word in ("--set", f"{name}={value}")]


def generate(here: Path, answers: dict[str, str]) -> Path:
    """Generate a shop with `answers`."""
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
def test_an_update_gives_the_same_files_as_new(
    here: Path, elsewhere: Path, before: dict[str, str], after: dict[str, str]
) -> None:
    """After an update, all files equal those of a new project with the same answers, except for secrets."""
    shop = generate(here, before)
    assert blueprint("update", *sets(after), cwd=shop).status in (0, 8)

    updated, fresh = content(shop), content(generate(elsewhere, after))
    assert (updated.keys() ^ fresh.keys()) - SECRETS == set()
    different = {path for path in fresh.keys() & updated.keys() if fresh[path] != updated[path]}
    assert different - SECRETS == set()


def test_redis_to_memcached_keeps_edits_and_reports_what_is_left_to_do(here: Path) -> None:
    """A change of the cache keeps edits in shared and replaced files, and reports the secret to change."""
    shop = generate(here, {"cache": "redis"})
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


def test_migrations_stay_when_their_component_is_removed(here: Path) -> None:
    """The migrations of a removed component stay, because the database has its tables."""
    shop = generate(here, {"auth": "jwt"})
    migrations = sorted(path.relative_to(shop) for path in shop.glob("src/shop/identity/migrations/0*.py"))
    done = blueprint("update", "--set", "auth=oauth2", "--json", cwd=shop)

    found = outcomes(done)
    assert migrations
    assert {found[str(path)] for path in migrations} == {"kept-migration"}
    assert all((shop / path).is_file() for path in migrations)
