"""One small template in the format of each tool, with newer versions, in Git or elsewhere."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import yaml

from tests.patterns_on_disk import tiny, write_files

BODY = "".join(f"line {number}\n" for number in range(9))
KINDS = ("native", "copier", "cookiecutter")
_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "author",
    "GIT_AUTHOR_EMAIL": "author@example.com",
    "GIT_COMMITTER_NAME": "author",
    "GIT_COMMITTER_EMAIL": "author@example.com",
}


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
    if not (folder / ".git").is_dir():
        git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", tag)
    git(folder, "tag", tag)
    return f"file://{folder}"


def git(folder: Path, *arguments: str) -> str:
    """Run Git in `folder`, and return its output."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **_GIT},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
