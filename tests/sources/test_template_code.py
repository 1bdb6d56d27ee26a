"""Code of a template runs only from the text that is shown, and from the copy that was hashed."""

import importlib.util
import json
import os
import py_compile
import sys
from pathlib import Path

import pytest

from blueprint.errors import HostilePatternError, PatternError
from blueprint.sources import find_pattern, scripts_of
from blueprint.sources.snapshot import Snapshot, content_digest

from .templates import Files, by_blueprint, write_template

EXTENSION = """from jinja2.ext import Extension


class Say(Extension):
    def __init__(self, environment):
        super().__init__(environment)
        environment.globals["said"] = {said}
"""
HONEST, EVIL = EXTENSION.format(said="'honest'"), EXTENSION.format(said="'evil'")
TOP = "{{ cookiecutter.name }}"


def cookiecutter(folder: Path, files: Files, extension: str = "local_ext.Say") -> Path:
    """Write a Cookiecutter template with an extension that says which code has run."""
    variables = json.dumps({"name": "x", "_extensions": [extension]})
    return write_template(
        folder / "template", {"cookiecutter.json": variables, f"{TOP}/a.txt": "{{ said }}", **files}
    )


def compiled(folder: Path, source: str, target: Path) -> None:
    """Compile `source` to bytecode that Python runs without looking at the source beside it."""
    (folder / "evil.py").write_text(source)
    target.parent.mkdir(exist_ok=True)
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(folder / "evil.py"), cfile=str(target), invalidation_mode=mode)


def said(template: Path) -> str:
    """Return what the trusted extension of `template` said."""
    return by_blueprint(str(template), {}, trust=True)["a.txt"].content.decode()


def test_bytecode_of_a_template_does_not_run(tmp_path: Path) -> None:
    """Bytecode beside a module is neither run nor copied, even if it claims to need no check."""
    template = cookiecutter(tmp_path, {"local_ext.py": HONEST})
    cached = importlib.util.cache_from_source(str(template / "local_ext.py"))
    compiled(tmp_path, EVIL, Path(cached))
    assert said(template) == "honest"
    assert "local_ext" not in sys.modules


def test_bytecode_without_source_does_not_run(tmp_path: Path) -> None:
    """A module that exists only as bytecode, or as a compiled extension, cannot be imported."""
    template = cookiecutter(tmp_path, {"local_ext.py": f"import helper\n{HONEST}", "helper.so": b"\x7fELF"})
    compiled(tmp_path, EVIL, template / "helper.pyc")
    with pytest.raises(PatternError, match="helper"):
        said(template)


def test_a_module_with_two_meanings_is_refused(tmp_path: Path) -> None:
    """A package beside a module of the same name is refused: Python would run the package."""
    template = cookiecutter(tmp_path, {"local_ext.py": HONEST, "local_ext/__init__.py": EVIL})
    with pytest.raises(PatternError, match="is both"):
        find_pattern(str(template))


@pytest.mark.parametrize("name", ["json", "slugify"])
def test_a_module_named_like_an_installed_one_is_refused(tmp_path: Path, name: str) -> None:
    """A module that has the name of an installed one is refused: the shown text might not run."""
    template = cookiecutter(tmp_path, {f"{name}.py": HONEST}, f"{name}.Say")
    with pytest.raises(PatternError, match=f"{name} has the name of an installed module"):
        find_pattern(str(template))


def test_imports_of_an_extension_are_shown_and_work(tmp_path: Path) -> None:
    """Modules that an extension imports, also relatively and later, come from the template and are shown."""
    files = {
        "local/ext.py": "from .words import WORD\n"
        + EXTENSION.format(said="self.say()")
        + "\n    def say(self):\n        import late\n"
        + "        return WORD + late.WORD + open(__file__).read()[:4]\n",
        "local/words/__init__.py": "from json import dumps\nfrom .word import WORD\n",
        "local/words/word.py": "WORD = 'honest'\n",
        "late.py": "WORD = ' late '\n",
        "json.py": "raise SystemExit('the wrong module')\n",
    }
    template = cookiecutter(tmp_path, files, "local.ext.Say")
    assert said(template) == "honest late from"
    shown = [script.what for script in scripts_of(find_pattern(str(template)))]
    assert [what for what in shown if "json.py" in what] == []
    assert sum("which an extension can import" in what for what in shown) == 3


@pytest.mark.parametrize("start", ["working folder", "relative path"])
def test_nothing_is_imported_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    """`python -m blueprint` in the template's folder imports no module that is not shown."""
    hidden = "__import__('hid' + 'den').SAID"
    template = cookiecutter(
        tmp_path,
        {"local_ext.py": EXTENSION.format(said=hidden), "hidden.py": "SAID = 'evil'\n"},
    )
    monkeypatch.chdir(template)
    monkeypatch.setattr(sys, "path", [str(template) if start == "working folder" else "", *sys.path])
    with pytest.raises(PatternError, match="hidden") as caught:
        said(template)
    assert "Install the package with the module hidden" in caught.value.hint


def test_copiers_file_extensions_run_from_their_text(tmp_path: Path) -> None:
    """An extension in a file of a Copier template is compiled from its text, not taken from bytecode."""
    files = {"copier.yml": "_jinja_extensions: ['ext/say.py:Say']\n", "a.txt.jinja": "{{ said }}"}
    template = write_template(tmp_path / "template", {**files, "ext/say.py": HONEST})
    compiled(tmp_path, EVIL, Path(importlib.util.cache_from_source(str(template / "ext/say.py"))))
    assert said(template) == "honest"


def test_a_module_that_a_question_lacks_can_be_installed(tmp_path: Path) -> None:
    """Copier loads extensions with the first question, so what is missing is a cause of a cause."""
    question = {"copier.yml": "_jinja_extensions: ['say.py:Say']\nname: {type: str, default: '{{ said }}'}\n"}
    template = write_template(tmp_path / "template", {**question, "say.py": f"import absent\n{HONEST}"})
    with pytest.raises(PatternError, match="the question name") as caught:
        said(template)
    assert "Install the package with the module absent" in caught.value.hint


@pytest.mark.parametrize("path", ["../evil.py", "/etc/hostname", "missing.py"])
def test_copiers_file_extensions_are_files_of_the_template(tmp_path: Path, path: str) -> None:
    """A file extension that is not in the template is refused."""
    (tmp_path / "evil.py").write_text(EVIL)
    template = write_template(tmp_path / "template", {"copier.yml": f"_jinja_extensions: ['{path}:Say']\n"})
    with pytest.raises(PatternError, match="is not a file of the template"):
        find_pattern(str(template))


HIDING = "# -*- coding: utf-7 -*-\n# a comment +AAo-open('evil','w')\n"


def test_code_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """UTF-7 can hide code in a comment: an extension runs as it is shown, and such a hook is refused."""
    template = cookiecutter(tmp_path, {"local_ext.py": HIDING + HONEST})
    with pytest.raises(PatternError, match="the encoding utf-7"):
        find_pattern(str(template))
    (template / "local_ext.py").write_text(HONEST)
    write_template(template, {"hooks/post_gen_project.py": HIDING})
    with pytest.raises(PatternError, match="the encoding utf-7"):
        find_pattern(str(template))
    rendered = HIDING.replace("coding", "{{ 'cod' }}ing")
    write_template(template, {"hooks/post_gen_project.py": rendered})
    with pytest.raises(PatternError, match="the encoding utf-7"):
        said(template)


def test_a_hook_that_cookiecutter_finds_is_shown(tmp_path: Path) -> None:
    """Every file that Cookiecutter takes for a hook is shown, such as one whose name ends with a dot."""
    hooks = {"hooks/post_gen_project.sh": "#!/bin/sh\n", "hooks/post_gen_project.": "#!/bin/sh\ntouch evil\n"}
    template = cookiecutter(tmp_path, {"local_ext.py": HONEST, **hooks})
    shown = [script.what for script in scripts_of(find_pattern(str(template)))]
    assert shown[1:] == ["hook post_gen_project.", "hook post_gen_project.sh"]


def test_an_extension_that_exits_is_an_error(tmp_path: Path) -> None:
    """An extension that ends the process while it is imported is an error of the template."""
    with pytest.raises(PatternError, match="cannot be used: 77"):
        said(cookiecutter(tmp_path, {"local_ext.py": "raise SystemExit(77)\n"}))


def test_a_copy_has_everything_that_the_digest_covers(tmp_path: Path) -> None:
    """The copy of a source has its files, modes and links, and the same digest as the source."""
    source = write_template(tmp_path / "source", {"a/b.sh": "b", "c": "c", "__pycache__/c.pyc": "no"})
    (source / "a/inner").symlink_to(source / "c")
    (source / "a/back").symlink_to("../../source/c")
    snapshot = Snapshot(source, "source")
    assert snapshot.digest == content_digest(source) == content_digest(snapshot.folder)
    assert os.access(snapshot.folder / "a/b.sh", os.X_OK)
    assert {os.readlink(snapshot.folder / "a" / name) for name in ("inner", "back")} == {"../c"}
    assert not (snapshot.folder / "__pycache__").exists()
    assert snapshot.folder.parent.stat().st_mode & 0o077 == 0
    folder = snapshot.folder
    del snapshot
    assert not folder.exists()


def test_installed_packages_are_not_part_of_a_template(tmp_path: Path) -> None:
    """A virtual environment and node_modules beside a template are left out; a pipe in them does no harm."""
    template = cookiecutter(tmp_path, {"local_ext.py": HONEST, "env/pyvenv.cfg": "", "node_modules/x": ""})
    (template / "env/python").symlink_to(sys.executable)
    os.mkfifo(template / "node_modules/pipe")
    assert said(template) == "honest"
    before = find_pattern(str(template)).origin.digest
    write_template(template, {"node_modules/y": "changed"})
    assert find_pattern(str(template)).origin.digest == before


def test_a_source_may_hold_more_files_than_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files beside the template count towards the limit of a source, not towards that of a project."""
    template = cookiecutter(tmp_path, {"local_ext.py": HONEST, **{f"data/{n}": "" for n in range(20)}})
    monkeypatch.setattr("blueprint.sources.staging.MAX_FILES", 10)
    assert said(template) == "honest"
    monkeypatch.setattr("blueprint.sources.source_limits.MAX_FILES", 10)
    with pytest.raises(HostilePatternError, match="exceeds"):
        find_pattern(str(template))
