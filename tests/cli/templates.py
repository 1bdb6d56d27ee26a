"""One small template in the format of each tool, with newer versions, in Git or elsewhere."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import yaml

from tests.patterns_on_disk import tiny, write_files
from tests.repositories import commit

BODY = "".join(f"line {number}\n" for number in range(9))
KINDS = ("native", "copier", "cookiecutter")


def write_template(folder: Path, kind: str, files: Mapping[str, str], version: str = "1.0.0") -> None:
    """Write a template with one question, `size`, that renders `files` and a README with the answer."""
    files = {**files, "README.md": "size\n"}
    if kind == "native":
        size = {"type": "string", "question": "Which size?", "default": "small"}
        layers = [{"from": "files", "to": "."}]
        content = tiny(version=version, options={"size": size}, values={}, layers=layers, look=[])
        written = {"pattern.yaml": yaml.safe_dump(content)}
        written |= {f"files/{path}.jinja": text.replace("size", "{{ size }}") for path, text in files.items()}
    elif kind == "copier":
        written = {
            "copier.yml": yaml.safe_dump(
                {"size": {"type": "str", "default": "small"}, "_subdirectory": "template"}
            ),
            "template/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml }}",
        }
        written |= {
            f"template/{path}.jinja": text.replace("size", "{{ size }}") for path, text in files.items()
        }
    else:
        written = {"cookiecutter.json": json.dumps({"slug": "shop", "size": "small"})}
        written |= {
            f"{{{{ cookiecutter.slug }}}}/{path}": text.replace("size", "{{ cookiecutter.size }}")
            for path, text in files.items()
        }
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    write_files(folder, written)


def release(folder: Path, tag: str) -> str:
    """Commit and tag everything in `folder`, and return the URL of the repository."""
    commit(folder, tag)
    return f"file://{folder}"
