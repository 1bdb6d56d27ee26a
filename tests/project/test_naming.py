"""Project names: spellings are normalized, and unusable names are refused."""

import ast
import keyword
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.errors import ProjectNameError
from blueprint.patterns import check_answers, find_pattern
from blueprint.project import project_name
from blueprint.project.naming import MAX_NAME
from blueprint.render import render


@pytest.mark.parametrize(
    "name",
    ["my-shop", "my_shop", "My Shop", "MyShop", " my.shop ", "my--shop", "MY-SHOP", "my-Shop", "-my-shop-"],
)
def test_spellings_are_converted_to_kebab_case(name: str) -> None:
    """All spellings of a name give the same name in kebab case."""
    assert project_name(name) == "my-shop"


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "-",
        "1shop",
        "shöp",
        "my/shop",
        "../shop",
        "shop\n2",
        "shop!",
        "a\x00b",
        "\u0455hop",
        "a" * 41,
    ],
)
def test_an_invalid_name_is_refused(name: str) -> None:
    """The error for an invalid name gives an example of a valid one."""
    with pytest.raises(ProjectNameError) as caught:
        project_name(name)
    assert "my-shop" in caught.value.hint


@pytest.mark.parametrize(
    "name", ["json", "redis", "test", "tests", "class", "match", "Import", "asyncio", "src"]
)
def test_a_name_that_python_uses_is_refused(name: str) -> None:
    """A name is refused if its package could not be imported or would shadow a library."""
    with pytest.raises(ProjectNameError, match="Python or a library already uses") as caught:
        project_name(name)
    assert "-shop" in caught.value.hint


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {"database": "mysql", "cache": "memcached", "content": True},
        {"auth": "oauth2", "observability": False},
        {},
    ],
)
def test_a_name_that_a_generated_project_imports_is_refused(options: dict[str, str | bool]) -> None:
    """The name of every library that the monolith and its tests import is refused."""
    pattern = find_pattern("monolith")
    tree = render(pattern, check_answers(pattern, "corner-shop", options)).tree
    sources = [file.content for path, file in tree.items() if path.endswith(".py")]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    imported = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    imported |= {
        node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level
    }
    names = {name.partition(".")[0] for name in imported} - {"corner_shop", "__future__"}

    assert len(names) > 20
    assert {name for name in names if _is_allowed(name)} == set()


def _is_allowed(name: str) -> bool:
    try:
        project_name(name)
    except ProjectNameError:
        return False
    return True


@given(st.text(max_size=MAX_NAME) | st.from_regex(r"[A-Za-z][A-Za-z0-9 _.-]*", fullmatch=True))
def test_a_name_is_a_dns_label_and_its_package_an_identifier(name: str) -> None:
    """A project name is a DNS label and its package an identifier; a second conversion changes nothing."""
    try:
        project = project_name(name)
    except ProjectNameError:
        return
    package = project.replace("-", "_")
    assert re.fullmatch(r"[a-z]([a-z0-9-]*[a-z0-9])?", project)
    assert len(project) <= MAX_NAME
    assert package.isidentifier()
    assert not keyword.iskeyword(package)
    assert package not in sys.stdlib_module_names
    assert project_name(project) == project
