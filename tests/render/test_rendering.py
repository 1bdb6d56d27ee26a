"""Rendering a pattern with answers gives the expected files, byte for byte."""

import os
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprint.errors import PatternError, RenderError
from blueprint.patterns import Value, check_answers, load_pattern
from blueprint.render import File, Rendering, render
from tests.patterns_on_disk import TINY_FILES, one_file_pattern, tiny, write_files, write_pattern


def rendered(folder: Path, **options: Value) -> Rendering:
    """Render the pattern in `folder` for a project named my-shop."""
    pattern = load_pattern(folder)
    return render(pattern, check_answers(pattern, "my-shop", options))


def test_templates_and_paths_are_rendered(tmp_path: Path) -> None:
    """Templates and paths see names, options and values; other files are copied, fragments left out."""
    rendering = rendered(write_pattern(tmp_path))
    texts = {path: file.content.decode() for path, file in rendering.tree.items() if not file.secret}

    assert texts == {
        ".gitignore": ".env\n",
        "README.md": "# my-shop\n\npostgresql 2 example/my-shop:1.2.3\n",
        "deploy/default/app.yaml": "image: example/my-shop\n",
        "src/my_shop/main.py": 'print("{{ not a template }}")\n',
        "src/my_shop/version.py": '"""my-shop."""\nVERSION = "1.2.3"\n',
    }
    assert rendering.look == ("src/my_shop/main.py",)


def test_only_existing_files_are_suggested_for_reading(tmp_path: Path) -> None:
    """A file in `look` that does not exist for these answers is left out."""
    write_pattern(tmp_path, tiny(look=["deploy/{{ project }}.yaml", "README.md"]))
    assert rendered(tmp_path).look == ("README.md",)


def test_a_layer_is_rendered_only_when_its_condition_holds(tmp_path: Path) -> None:
    """A layer whose condition does not hold contributes no files."""
    tree = rendered(write_pattern(tmp_path), kubernetes=False).tree
    assert not [path for path in tree if path.startswith("deploy")]


def test_a_file_that_uses_a_secret_is_secret(tmp_path: Path) -> None:
    """A file with a secret is readable only by its owner, and another project has a different secret."""
    write_pattern(tmp_path)
    first, second = rendered(tmp_path).tree, rendered(tmp_path).tree

    assert [path for path, file in first.items() if file.secret] == [".env"]
    assert first[".env"].mode == 0o600
    assert first[".env"].content != second[".env"].content
    assert {**first, ".env": None} == {**second, ".env": None}


def test_one_name_has_one_secret_in_a_project(tmp_path: Path) -> None:
    """The same name gives the same secret throughout a project, so that servers and clients agree."""
    template = "{{ secret('a') }} {{ secret('a') }} {{ secret('b', bytes=3) }}"
    pattern = one_file_pattern(tmp_path, "env.jinja", template)
    first, again, other = render(pattern, check_answers(pattern, "shop", {})).tree["env"].content.split()

    assert first == again != other
    assert len(first) == 43
    assert len(other) == 4


def test_executable_files_stay_executable(tmp_path: Path) -> None:
    """Executable files stay executable, whether they are templates or plain files."""
    write_pattern(tmp_path, files={"files/run.sh": "#!/bin/sh\n", "files/go.sh.jinja": "#!/bin/sh\n"})
    for name in ("run.sh", "go.sh.jinja"):
        (tmp_path / "files" / name).chmod(0o755)

    tree = rendered(tmp_path, kubernetes=False).tree
    assert tree["run.sh"] == tree["go.sh"] == File(b"#!/bin/sh\n", executable=True)


def test_caches_of_python_tools_are_not_part_of_a_pattern(tmp_path: Path) -> None:
    """Bytecode, which pip creates for templates in a wheel, and caches of linters are ignored."""
    caches = [
        "__pycache__/a.pyc",
        "a.pyc",
        ".mypy_cache/x",
        ".ruff_cache/x",
        ".pytest_cache/x",
        "b/__pycache__/c",
    ]
    write_pattern(tmp_path, files={f"files/{path}": b"\0" for path in caches} | {"files/a": ""})

    assert list(rendered(tmp_path, kubernetes=False).tree) == ["a"]


def test_two_layers_may_contain_the_same_file(tmp_path: Path) -> None:
    """Two layers may contain a file with the same path and the same content."""
    layers = [{"from": "one", "to": "."}, {"from": "two", "to": "."}]
    write_pattern(tmp_path, tiny(layers=layers), {"one/a": "same", "two/a": "same"})

    assert rendered(tmp_path).tree == {"a": File(b"same")}


def test_a_conflict_of_two_layers_names_both_files(tmp_path: Path) -> None:
    """If two layers have different content for one path, the error names both files and the path."""
    layers = [{"from": "one", "to": "x"}, {"from": "two", "to": "."}]
    write_pattern(tmp_path, tiny(layers=layers), {"one/a": "1", "two/x/a.jinja": "2"})

    with pytest.raises(PatternError) as caught:
        rendered(tmp_path)
    for origin in (tmp_path / "one/a", tmp_path / "two/x/a.jinja", "x/a"):
        assert str(origin) in caught.value.message


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("one\n{{ undefinde }}\n", r"a\.jinja, line 2: 'undefinde' is not defined"),
        ("one\ntwo\n{% if %}\n", r"a\.jinja, line 3: "),
        ("{{ domain }}", r"a\.jinja, line 1: 'domain' is not defined"),
        ("{% include '_parts/none' %}", r"a\.jinja, line 1: the template '_parts/none' does not exist"),
        ("{{ 1 / 0 }}", r"a\.jinja, line 1: an expression fails: ZeroDivisionError"),
        (b"\xff", r"a\.jinja is not UTF-8"),
    ],
)
def test_an_error_in_a_template_names_the_file_and_line(
    tmp_path: Path, template: str | bytes, expected: str
) -> None:
    """An error in a template names the file and line; an option that does not exist is undefined."""
    write_pattern(tmp_path, files={"files/a.jinja": template})

    with pytest.raises(RenderError, match=expected):
        rendered(tmp_path, kubernetes=False)


@pytest.mark.parametrize(
    "changes",
    [
        {"values": {"x": "nothing"}},
        {"layers": [{"from": "files", "to": "{{ nothing }}"}]},
        {"layers": [{"from": "files", "to": ".", "when": "nothing"}]},
        {"look": ["{{ nothing }}"]},
        {"run": "{{ 1"},
    ],
)
def test_a_broken_expression_of_the_pattern_is_quoted(tmp_path: Path, changes: dict[str, Any]) -> None:
    """An error in an expression of a pattern.yaml quotes the expression and names the pattern."""
    write_pattern(tmp_path, tiny(**changes))

    with pytest.raises(PatternError, match=r"the pattern tiny: in '.*(nothing|1)"):
        rendered(tmp_path)


def test_a_layer_without_a_folder_is_named(tmp_path: Path) -> None:
    """If the folder of a layer does not exist, the error names the layer and the folder."""
    write_pattern(tmp_path, tiny(layers=[{"from": "flies", "to": "."}]))

    with pytest.raises(PatternError, match=r"the layer 'flies' of tiny: no such folder: .*flies"):
        rendered(tmp_path)


def test_the_order_on_disk_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tree is sorted and the same, in whatever order the file system lists the files."""
    write_pattern(tmp_path, files={f"files/{name}": name for name in "cab"})
    expected = rendered(tmp_path, kubernetes=False).tree
    scandir = os.scandir

    class Shuffled:
        def __init__(self, path: Path) -> None:
            self._entries = list(scandir(path))
            random.shuffle(self._entries)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self._entries

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(os, "scandir", Shuffled)
    assert list(rendered(tmp_path, kubernetes=False).tree.items()) == list(expected.items())
    assert list(expected) == ["a", "b", "c"]


PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="{\r"), max_size=40)


@given(st.lists(PLAIN, max_size=5), st.binary(max_size=40))
def test_text_without_braces_and_other_files_are_unchanged(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], content: bytes
) -> None:
    """Rendering does not change template text without braces, nor files that are not templates."""
    text = "\n".join(lines)
    folder = write_pattern(
        tmp_path_factory.mktemp("pattern"), files={"files/a.jinja": text, "files/b": content}
    )
    tree = rendered(folder, kubernetes=False).tree

    assert tree["a"].content.decode() == text
    assert tree["b"].content == content


@given(st.integers(1, 100), st.sampled_from(["mysql", "postgresql"]), st.booleans())
def test_the_same_answers_give_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, replicas: int, database: str, kubernetes: bool
) -> None:
    """The same answers give the same bytes, except in files with secrets, and every answer has an effect."""
    folder = tmp_path_factory.getbasetemp() / "same"
    if not folder.exists():
        write_pattern(folder)
    first, second = (
        rendered(folder, replicas=replicas, database=database, kubernetes=kubernetes).tree for _ in range(2)
    )

    assert {**first, ".env": None} == {**second, ".env": None}
    assert f"{database} {replicas} ".encode() in first["README.md"].content


def test_compiled_templates_are_cached_privately(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache is private, and ignored if others can write to it, because cached bytecode is executed."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = write_pattern(tmp_path / "pattern")
    rendered(folder)
    (cache,) = (tmp_path / "cache/blueprint").iterdir()
    cached = list(cache.iterdir())
    assert cached
    assert cache.stat().st_mode & 0o777 == 0o700

    for file in cached:
        file.unlink()
    cache.chmod(0o777)
    assert rendered(folder).tree
    assert not list(cache.iterdir())


def test_a_cache_behind_a_link_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache folder that is a link is ignored, because another user could have created the link."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = write_pattern(tmp_path / "pattern")
    rendered(folder)
    (cache,) = (tmp_path / "cache/blueprint").iterdir()
    elsewhere = cache.rename(tmp_path / "elsewhere")
    for file in elsewhere.iterdir():
        file.unlink()
    cache.symlink_to(elsewhere)

    rendered(folder)
    assert not list(elsewhere.iterdir())


def test_the_same_template_at_another_path_is_not_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A template with the same content at another path uses the cache, but errors name its own path."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    files = {**TINY_FILES, "files/if.jinja": "\n{% if 6 * 7 %}{{ absent }}{% endif %}"}
    with pytest.raises(RenderError, match=r"one/files/if\.jinja, line 2: 'absent' is not defined"):
        rendered(write_pattern(tmp_path / "one", files=files))
    (cache,) = (tmp_path / "cache/blueprint").iterdir()
    cached = list(cache.iterdir())
    with pytest.raises(RenderError, match=r"two/files/if\.jinja, line 2: 'absent' is not defined"):
        rendered(write_pattern(tmp_path / "two", files=files))
    assert list(cache.iterdir()) == cached != []


def test_a_changed_template_is_not_taken_from_the_cache(tmp_path: Path) -> None:
    """A change to a template takes effect in the next rendering."""
    write_pattern(tmp_path, files={"files/a.jinja": "1"})
    assert rendered(tmp_path, kubernetes=False).tree["a"].content == b"1"
    write_files(tmp_path, {"files/a.jinja": "2"})
    assert rendered(tmp_path, kubernetes=False).tree["a"].content == b"2"


GROUPS = {"type": "data", "question": "Which groups?", "default": [["a", "b"], ["c"]]}


def computed(value: str) -> dict[str, object]:
    """Return a pattern with a value `leaders` and one file that prints it."""
    layers = [{"from": "files", "to": "."}]
    return tiny(options={"groups": GROUPS}, values={"leaders": value}, layers=layers, look=[])


def test_a_value_with_statements_is_what_it_sets(tmp_path: Path) -> None:
    """Its type and order are kept, and what it prints is ignored."""
    value = """
        {% set found = namespace(names={}) %}
        {% for group in groups %}{% for name in group | reverse %}
        {% set found.names = dict(found.names, **{name: group[0]}) %}
        {% endfor %}{% endfor %}
        {% set leaders = found.names %}
    """
    text = "{% for name, leader in leaders.items() %}{{ name }}{{ leader }} {% endfor %}"
    tree = rendered(write_pattern(tmp_path, computed(value), {"files/leaders.jinja": text})).tree
    assert tree["leaders"].content == b"ba aa cc "


def test_a_value_with_statements_must_be_set(tmp_path: Path) -> None:
    """A template that sets another name is an error that quotes it."""
    files = {"files/leaders.jinja": "{{ leaders }}"}
    write_pattern(tmp_path, computed("{% set leader = 1 %}"), files)
    with pytest.raises(PatternError, match=r"in '{% set leader = 1 %}': the template sets no 'leaders'"):
        rendered(tmp_path)


SERVICES = {"type": "list", "question": "Which services?", "default": ["orders", "carts"]}


def each(**layer: object) -> dict[str, object]:
    """Return a pattern whose only layer is repeated for each service."""
    layers = [{"from": "service", "to": "services/{{ service }}", "each": {"service": "services"}, **layer}]
    return tiny(options={"services": SERVICES}, values={}, layers=layers, look=[])


def test_a_layer_can_be_repeated_for_each_item_of_a_list(tmp_path: Path) -> None:
    """A layer with `each` is rendered for each item, which is a variable in paths, conditions and files."""
    write_pattern(tmp_path, each(when="service != 'carts'"))
    write_files(tmp_path, {"service/{{ service }}.txt.jinja": "{{ service }} of {{ project }}"})

    tree = rendered(tmp_path, services=["orders", "carts", "users"]).tree

    assert {path: file.content for path, file in tree.items()} == {
        "services/orders/orders.txt": b"orders of my-shop",
        "services/users/users.txt": b"users of my-shop",
    }
    assert rendered(tmp_path, services=[]).tree == {}


def test_the_expression_of_each_must_be_a_list(tmp_path: Path) -> None:
    """Text in `each` is refused, as it would repeat the layer for each character."""
    write_pattern(tmp_path, each(each={"service": "project"}))
    write_files(tmp_path, {"service/file": ""})
    with pytest.raises(PatternError, match="'project' is not a list"):
        rendered(tmp_path)


def test_the_name_of_an_item_must_not_be_taken(tmp_path: Path) -> None:
    """The name of an item must differ from all other variables that templates see."""
    with pytest.raises(PatternError, match="the name project is taken"):
        load_pattern(write_pattern(tmp_path, each(each={"project": "services"})))


@pytest.mark.parametrize(
    ("path", "text", "repeatable"),
    [
        ("a.jinja", "{{ project }}{% for n in range(3) %}{{ n }}{% endfor %}", True),
        ("a", "{{ [1, 2]|random }}", True),
        ("a.jinja", "{{ secret('x') }}", False),
        ("a.jinja", "{{ [1, 2]|random }}", False),
        ("a.jinja", "{% if false %}{{ [1, 2]|random }}{% endif %}", True),
        ("{{ [1, 2]|random }}", "", False),
        ("a.jinja", "{{ [1, 2]|map('string') }}", False),
        ("a.jinja", "{{ ''.join }}", False),
    ],
)
def test_only_a_rendering_without_chance_is_repeatable(
    tmp_path: Path, path: str, text: str, repeatable: bool
) -> None:
    """Random values, random choices and addresses of objects differ each time; an update has to know."""
    pattern = one_file_pattern(tmp_path, path, text)
    for _ in range(2):  # the second time with compiled templates from the cache
        assert render(pattern, check_answers(pattern, "my-shop", {})).repeatable is repeatable


def test_a_random_computed_value_is_not_repeatable(tmp_path: Path) -> None:
    """Chance in a computed value of the pattern counts as well."""
    pattern = one_file_pattern(tmp_path, "a.jinja", "{{ pick }}", values={"pick": "[1, 2]|random"})
    assert not render(pattern, check_answers(pattern, "my-shop", {})).repeatable
