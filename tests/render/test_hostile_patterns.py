"""An untrusted pattern cannot leave its folder or the sandbox, and cannot exhaust the machine."""

import os
from pathlib import Path
from typing import Any

import pytest

from blueprint import templating
from blueprint.errors import BlueprintError, HostilePatternError
from blueprint.patterns import Pattern, check_answers, load_pattern
from blueprint.render import engine, layers, render
from tests.patterns_on_disk import one_file_pattern, tiny, write_files, write_pattern


def refusal(pattern: Pattern) -> BlueprintError:
    """Return the error that rendering `pattern` raises."""
    with pytest.raises(BlueprintError) as caught:
        render(pattern, check_answers(pattern, "shop", {}))
    return caught.value


ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ ''|attr('__class__') }}",
    "{{ secret.__globals__ }}",
    "{{ secret._values }}",
    "{{ secret.__init__.__globals__['token_bytes'] }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ '{0.__class__}'.format('') }}",
    "{{ '%s'.__mod__ }}",
    "{{ joiner.__code__ }}",
    "{{ pattern.__class__ }}",
    "{{ pattern.update({'name': 'x'}) }}",
    "{{ pattern.clear() }}",
    "{% import 'os' as os %}",
    "{% include '/etc/hostname' %}",
    "{% include '../outside' %}",
    "{% from '../pattern.yaml' import x %}",
]


@pytest.mark.parametrize("template", ESCAPES)
def test_the_sandbox_holds(tmp_path: Path, template: str) -> None:
    """A template cannot access Python's internals, change shared values, or read files outside its layer."""
    write_files(tmp_path, {"outside": "secret"})
    error = refusal(one_file_pattern(tmp_path, "a.jinja", template))

    assert error.code in ("bad-template", "hostile-pattern")
    assert str(tmp_path / "files/a.jinja") in error.message


ENDLESS = [
    "{% for i in range(10**9) %}{% endfor %}",
    "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "{{ 'x' * 10**10 }}",
    "{{ [0] * 10**10 }}",
    "{{ 10 ** (10 ** 9) }}",
    "{{ 10 ** 999 ** 999 ** 999 }}",
    "{% set ns = namespace(x=7) %}{% for i in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
    "{% set ns = namespace(x='x') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "{{ 'x'.center(10**11) }}",
    "{{ '%099999999999d' % 1 }}",
    "{{ '{:099999999999d}'.format(1) }}",
    "{{ 'x'|indent(10**11, true) }}",
    "{% for i in range(99999) %}{{ 'x' * 1000 }}{% endfor %}",
    "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
    "{% include 'a.jinja' %}",
    "{{ lipsum(n=10**9) }}",
]


@pytest.mark.slow
@pytest.mark.parametrize("template", ENDLESS)
def test_a_template_that_exhausts_resources_is_stopped(
    tmp_path: Path, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A template that uses too much time, memory, stack or disk space is stopped with an error."""
    monkeypatch.setattr(templating, "MAX_SECONDS", 2)
    monkeypatch.setattr(templating, "MAX_MEMORY", 1 << 28)

    refusal(one_file_pattern(tmp_path, "a.jinja", template))


def test_expressions_of_the_pattern_are_limited_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Expressions in pattern.yaml have the same limits as templates."""
    monkeypatch.setattr(templating, "MAX_SECONDS", 1)
    endless = "range(99999)|map('string')|map('center', 99999)|map('upper')|map('title')|map('length')|sum"

    assert isinstance(refusal(one_file_pattern(tmp_path, "a", values={"x": endless})), HostilePatternError)


@pytest.mark.parametrize("changes", [{"values": {"x": "secret('x')"}}, {"look": ["{{ secret('x') }}"]}])
def test_a_secret_is_not_available_outside_files(tmp_path: Path, changes: dict[str, Any]) -> None:
    """Values and paths cannot use a secret: it could get into files that others can read."""
    assert "'secret' is not defined" in refusal(one_file_pattern(tmp_path, "a.jinja", **changes)).message


def test_a_memory_limit_is_reported_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a template exceeds the memory limit, the message says so."""
    monkeypatch.setattr(templating, "MAX_MEMORY", 1 << 28)
    error = refusal(one_file_pattern(tmp_path, "a.jinja", "{{ 'x'.center(10**11) }}"))
    assert error.message == "rendering tiny takes more than 256 MiB of memory"


def test_the_limits_are_removed_after_rendering(tmp_path: Path) -> None:
    """The limits on memory and time do not outlast rendering."""
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_AS)
    pattern = one_file_pattern(tmp_path, "a.jinja", "x")
    render(pattern, check_answers(pattern, "shop", {}))

    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.parametrize("source", ["..", "../other", "/etc", "files/../../other", "~/x"])
def test_a_layer_stays_inside_the_root(tmp_path: Path, source: str) -> None:
    """A layer outside the pattern is refused, even if its folder exists."""
    write_files(tmp_path, {"other/secret": "x"})
    folder = write_pattern(tmp_path / "pattern", tiny(layers=[{"from": source, "to": "."}]))

    assert "layer" in refusal(load_pattern(folder)).message


@pytest.mark.parametrize("link", ["files/link", "files/_parts/link", "files/deep/link"])
@pytest.mark.parametrize("target", ["/etc/hostname", "/etc", "README.md.jinja", "nothing"])
def test_links_are_refused(tmp_path: Path, link: str, target: str) -> None:
    """Links in a native pattern are refused, whatever their target; a wheel could not contain them."""
    write_pattern(tmp_path)
    (tmp_path / "files/deep").mkdir()
    (tmp_path / link).symlink_to(target)

    error = refusal(load_pattern(tmp_path))
    assert isinstance(error, HostilePatternError)
    assert str(tmp_path / link) in error.message


def test_a_layer_that_is_a_link_out_is_refused(tmp_path: Path) -> None:
    """A layer whose folder is a link that leads out of the pattern is refused."""
    write_files(tmp_path, {"other/secret": "x"})
    folder = write_pattern(tmp_path / "pattern", tiny(layers=[{"from": "link", "to": "."}]))
    (folder / "link").symlink_to(tmp_path / "other")

    assert isinstance(refusal(load_pattern(folder)), HostilePatternError)


def test_pipes_are_refused(tmp_path: Path) -> None:
    """A named pipe in a pattern is refused, because reading it would block."""
    write_pattern(tmp_path)
    os.mkfifo(tmp_path / "files/pipe")

    assert isinstance(refusal(load_pattern(tmp_path)), HostilePatternError)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """A file above the size limit is refused by its size, which also covers sparse files."""
    write_pattern(tmp_path)
    with (tmp_path / "files/huge").open("wb") as file:
        file.truncate(100 << 20)

    assert "larger than" in refusal(load_pattern(tmp_path)).message


def test_a_huge_project_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project whose files exceed the limit together is refused, even if each file is small."""
    monkeypatch.setattr(engine, "MAX_TOTAL", 100)
    write_pattern(tmp_path, files={f"files/{number}": "x" * 30 for number in range(4)} | {"deploy/x": ""})

    assert "the project would exceed" in refusal(load_pattern(tmp_path)).message


def test_a_template_with_huge_output_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small template that renders to a file above the size limit is refused."""
    monkeypatch.setattr(layers, "MAX_FILE", 1000)
    template = "{% for i in range(900) %}xx{% endfor %}"

    assert "larger than" in refusal(one_file_pattern(tmp_path, "a.jinja", template)).message
