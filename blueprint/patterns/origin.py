"""Where a pattern came from, as far as a project has to remember it."""

from typing import Literal

import msgspec

Kind = Literal["native", "copier", "cookiecutter"]
"""Whose template it is."""


class Origin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a pattern came from: enough to find it again, its newest version or a given one.

    `location` is a folder, a zip file or the URL of a git repository, as the user wrote it, and empty for a
    pattern of blueprint's own; `subfolder` is where in it the pattern lies. `ref` is the branch, tag or
    commit that was asked for, if one was, `commit` the one that it stood for (40 hexadecimal digits).
    `described` is what `git describe --tags` calls it. `digest` is the SHA-256 of what was fetched.
    """

    type: Literal["built-in", "installed", "folder", "zip", "git"] = "built-in"
    kind: Kind = "native"
    location: str = ""
    subfolder: str = ""
    ref: str | None = None
    commit: str | None = None
    described: str | None = None
    digest: str | None = None


BUILT_IN = Origin()
