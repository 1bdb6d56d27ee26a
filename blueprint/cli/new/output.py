"""JSON output of `blueprint new`."""

from typing import TypedDict

from blueprint.project import Action

from ..outputs import AnswersOutput, PatternOutput


class NewFileOutput(TypedDict):
    """A file of a new project. Only its owner can read a `secret` one."""

    path: str
    action: Action
    bytes: int
    secret: bool


class NewOutput(TypedDict):
    """A project that was created, or would be in a dry run.

    `git` says whether it is now a git repository with a first commit. `run` and `test` are commands, and
    `look` lists files to read first. `message` is the closing message of a template.
    """

    project: str
    package: str
    path: str
    written: bool
    pattern: PatternOutput
    answers: AnswersOutput
    files: list[NewFileOutput]
    git: bool
    run: str
    test: str
    look: list[str]
    message: str
