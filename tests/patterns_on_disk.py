"""Small patterns that tests write to disk."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from blueprint.patterns import Pattern, load_pattern

TINY: dict[str, Any] = {
    "format": 1,
    "name": "tiny",
    "title": "Tiny",
    "summary": "The smallest pattern that has everything.",
    "version": "1.2.3",
    "options": {
        "database": {
            "type": "choice",
            "question": "Which database?",
            "help": "Where the data is.",
            "choices": {"postgresql": "PostgreSQL", "mysql": "MySQL"},
            "default": "postgresql",
        },
        "kubernetes": {"type": "boolean", "question": "Kubernetes?", "default": True},
        "domain": {
            "type": "string",
            "question": "Which domain?",
            "default": "default",
            "when": "kubernetes",
        },
        "replicas": {
            "type": "integer",
            "question": "How many?",
            "default": 2,
            "minimum": 1,
            "maximum": 100,
            "ask": "never",
        },
    },
    "values": {"image": "'example/' ~ project", "tag": "image ~ ':' ~ pattern.version"},
    "layers": [
        {"from": "files", "to": "."},
        {"from": "deploy", "to": "deploy/{{ domain }}", "when": "kubernetes"},
    ],
    "run": "make run",
    "test": "make test",
    "look": ["src/{{ package }}/main.py"],
}

TINY_FILES: dict[str, str] = {
    "files/README.md.jinja": "# {{ project }}\n\n{{ database }} {{ replicas }} {{ tag }}\n",
    "files/.gitignore": ".env\n",
    "files/.env.jinja": "PASSWORD={{ secret('database') }}\n",
    "files/src/{{ package }}/main.py": 'print("{{ not a template }}")\n',
    "files/src/{{ package }}/version.py.jinja": (
        '{% include "_parts/header" %}VERSION = "{{ pattern.version }}"\n'
    ),
    "files/_parts/header": '"""{{ project }}."""\n',
    "deploy/app.yaml.jinja": "image: {{ image }}\n",
}


def tiny(**changes: Any) -> dict[str, Any]:
    """Return the content of TINY's pattern.yaml with some keys changed."""
    return {**copy.deepcopy(TINY), **changes}


def write_pattern(
    folder: Path, content: Mapping[str, Any] = TINY, files: Mapping[str, str | bytes] = TINY_FILES
) -> Path:
    """Write a pattern to `folder`, creating it if needed, and return the folder."""
    write_files(folder, {"pattern.yaml": yaml.safe_dump(dict(content), sort_keys=False), **files})
    return folder


def write_files(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write `files` (relative path to content) below `folder`."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)


def one_file_pattern(folder: Path, path: str, content: str | bytes = "", **changes: Any) -> Pattern:
    """Write and load a pattern that has one file and no options."""
    plain = tiny(options={}, values={}, layers=[{"from": "files", "to": "."}], look=[])
    return load_pattern(write_pattern(folder, {**plain, **changes}, {f"files/{path}": content}))
