"""Whatever the user types, the project has one good name or is refused."""

import keyword
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.errors import ProjectNameError
from blueprint.project import project_name
from blueprint.project.naming import MAX_NAME


@pytest.mark.parametrize(
    "name",
    ["my-shop", "my_shop", "My Shop", "MyShop", " my.shop ", "my--shop", "MY-SHOP", "my-Shop", "-my-shop-"],
)
def test_many_spellings_are_one_name(name: str) -> None:
    """In kebab case."""
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
def test_what_is_no_name_is_refused(name: str) -> None:
    """With an example of one."""
    with pytest.raises(ProjectNameError) as caught:
        project_name(name)
    assert "my-shop" in caught.value.hint


@pytest.mark.parametrize("name", ["json", "test", "tests", "class", "match", "Import", "asyncio", "src"])
def test_what_python_uses_itself_is_refused(name: str) -> None:
    """A package of that name could not be imported, or would hide another."""
    with pytest.raises(ProjectNameError, match="Python uses") as caught:
        project_name(name)
    assert "-shop" in caught.value.hint


@given(st.text(max_size=MAX_NAME) | st.from_regex(r"[A-Za-z][A-Za-z0-9 _.-]*", fullmatch=True))
def test_a_name_is_a_dns_label_and_its_package_an_identifier(name: str) -> None:
    """And normalising it again changes nothing."""
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
