"""`make fidelity` finds what blueprint and a template's own tool render differently."""

import json
from pathlib import Path

import pytest

from blueprint.render import File, Tree
from tests.patterns_on_disk import write_files
from tools import fidelity

TEMPLATES = {
    "copier": {
        "copier.yml": "name: {type: str}\ndocs: {type: bool, default: true}\n_tasks: [touch ran.txt]\n",
        "a.txt.jinja": "{{ name }} {{ docs }}\n",
        "{% if docs %}docs.txt{% endif %}": "docs\n",
    },
    "cookiecutter": {
        "cookiecutter.json": json.dumps({"slug": "shop", "version": [3.9, 3.11]}),
        "{{ cookiecutter.slug }}/a.txt": "{{ cookiecutter.version }}\n",
        "hooks/post_gen_project.sh": "touch ran.txt\n",
    },
}


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_is_the_same_until_a_file_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Equal files are the same with each set of answers; one other byte is a difference with its line."""
    write_files(tmp_path / kind, TEMPLATES[kind])
    result = fidelity.compare(tmp_path / kind, 1)
    assert (result.verdict, result.compared, result.skipped) == ("same", 2, "")
    theirs = fidelity.on_disk

    def changed(folder: Path) -> Tree:
        tree = theirs(folder)
        return {path: File(file.content + b"x\n", file.executable) for path, file in tree.items()}

    monkeypatch.setattr(fidelity, "on_disk", changed)
    result = fidelity.compare(tmp_path / kind, 0)
    assert result.verdict == "different"
    assert any("a.txt differs" in why for why in result.why)


def test_a_template_that_needs_code_is_not_rendered(tmp_path: Path) -> None:
    """Code of a template does not run: it is named instead."""
    write_files(tmp_path / "one", {"copier.yml": "_jinja_extensions: [jinja2.ext.debug]\n", "a.txt": ""})
    result = fidelity.compare(tmp_path / "one", 0)
    assert result.verdict == "not compared"
    assert "jinja2.ext.debug" in result.skipped
