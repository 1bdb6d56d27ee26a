"""JSON output of `blueprint new`."""

from typing import TypedDict

from blueprint.project import Action

from ..outputs import AnswersOutput, DifferenceOutput, PatternOutput
from ..user_defaults import DefaultsOutput


class NewFileOutput(TypedDict):
    """A file of a new project, with its `mode` such as 0644. Only its owner can read a `secret` one."""

    path: str
    action: Action
    bytes: int
    mode: str
    secret: bool


class NewOutput(TypedDict):
    """A project that was created, or would be in a dry run.

    `git` says whether it is now a git repository with a first commit. `run` and `test` are commands, and
    `look` lists files to read first. `opening_message` and `message` are what the pattern tells the user
    before and afterwards; `missing` says what the project needs and this machine does not have. `defaults`
    names the answers that are from the user's file of defaults. `warnings` say what that file may have
    misspelled, which secret files git does not ignore, and which files of the project's state it does.
    `content` is the text of the file that `--show` names, and `differences` lead from a folder that exists to
    the project, with `--diff`.
    """

    project: str
    package: str
    path: str
    written: bool
    pattern: PatternOutput
    answers: AnswersOutput
    defaults: DefaultsOutput | None
    files: list[NewFileOutput]
    git: bool
    run: str
    test: str
    look: list[str]
    opening_message: str
    message: str
    warnings: list[str]
    missing: list[str]
    content: str | None
    differences: list[DifferenceOutput] | None
