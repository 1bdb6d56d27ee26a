"""Templates that the wheel carries compiled change nothing but the time."""

from pathlib import Path

import pytest

from blueprint import templating
from blueprint.patterns import check_answers, find_pattern
from blueprint.render import Tree, render
from blueprint.render.precompiled import compile_built_in
from tests.patterns_on_disk import write_files


@pytest.fixture(scope="module")
def modules() -> dict[str, str]:
    """The modules of all built-in patterns."""
    return compile_built_in()


@pytest.fixture(autouse=True)
def user_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache; compiled templates are looked for in the folder `wheel`, which does not exist yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(templating, "COMPILED", tmp_path / "wheel")
    return tmp_path / "cache"


def install(tmp_path: Path, modules: dict[str, str]) -> None:
    """Write the modules as pip does."""
    write_files(tmp_path / "wheel", modules)


def tree_of(name: str) -> Tree:
    """Render a built-in pattern, without secret files."""
    pattern = find_pattern(name)
    tree = render(pattern, check_answers(pattern, "my-shop", {})).tree
    return {path: file for path, file in tree.items() if not file.secret}


def cached(user_cache: Path) -> int:
    """Return how many templates were compiled into the user's cache."""
    return sum(path.is_file() for path in user_cache.rglob("*"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["monolith", "microservices", "event-driven"])
def test_compiled_templates_give_the_same_files(
    tmp_path: Path, user_cache: Path, modules: dict[str, str], name: str
) -> None:
    """With compiled templates nothing has to be compiled, and each file is the same."""
    without = tree_of(name)
    number = cached(user_cache)
    install(tmp_path, modules)
    for path in user_cache.rglob("*.cache"):
        path.unlink()

    assert number > 0
    assert tree_of(name) == without
    assert cached(user_cache) == 0


@pytest.mark.slow
def test_templates_of_another_compiler_are_not_used(
    tmp_path: Path, user_cache: Path, modules: dict[str, str]
) -> None:
    """Modules that another version of Jinja made are left alone, and the templates are compiled."""
    install(tmp_path, {f"another/{path.partition('/')[2]}": "raise AssertionError" for path in modules})
    assert tree_of("monolith")
    assert cached(user_cache) > 0
