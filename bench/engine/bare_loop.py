"""Render every file of a folder with sandboxed Jinja: `python bare_loop.py FOLDER OUT`."""

import json
import shutil
import sys
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

folder, out = Path(sys.argv[1]), Path(sys.argv[2])
top = folder / "template"
context = json.loads((folder / "context.json").read_text())
environment = SandboxedEnvironment(
    loader=FileSystemLoader(top),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
for source in sorted(path for path in top.rglob("*") if path.is_file()):
    path = str(source.relative_to(top))
    place = out / environment.from_string(path.removesuffix(".jinja")).render(context)
    place.parent.mkdir(parents=True, exist_ok=True)
    if path.endswith(".jinja"):
        place.write_text(environment.get_template(path).render(context))
        shutil.copymode(source, place)
    else:
        shutil.copy(source, place)
