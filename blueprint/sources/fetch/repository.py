"""Git data for a copy of a checkout: trusted code of a template may ask git for the template's commit."""

from contextlib import suppress
from pathlib import Path

from blueprint.errors import SourceError

from .git_command import git


def add_repository(copy: Path, source: Path, mirror: Path | None, commit: str | None) -> None:
    """Let git work in `copy` as it does in `source`; do nothing if `source` is not in a git repository.

    If `source` is a checkout of `commit`, its repository is `mirror`. The objects stay where they are;
    nothing of the repository's configuration is taken.
    """
    with suppress(SourceError):
        found = [f"--git-dir={mirror}"] if mirror else ["-C", str(source)]
        wanted = f"{commit or 'HEAD'}^{{commit}}"
        objects, head = git(
            *found, "rev-parse", "--path-format=absolute", "--git-path", "objects", wanted
        ).splitlines()
        tags = git(*found, "for-each-ref", "--format=%(objectname) %(refname)", "refs/tags")
        git("init", "--quiet", "--template=", str(copy))
        own = copy / ".git"
        (own / "objects/info").mkdir(exist_ok=True)
        (own / "objects/info/alternates").write_text(f"{objects}\n", encoding="utf-8")
        (own / "packed-refs").write_text(tags, encoding="utf-8")
        (own / "HEAD").write_text(f"{head}\n", encoding="ascii")
        git(f"--git-dir={own}", "read-tree", head)
