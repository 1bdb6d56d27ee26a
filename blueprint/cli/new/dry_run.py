"""What a dry run of `blueprint new` shows: one file, or the differences from a folder that exists."""

from dataclasses import replace

from blueprint.errors import UsageError
from blueprint.project import Action, read_tree
from blueprint.project.merge.difference import Difference, difference
from blueprint.project.state import is_state_file
from blueprint.suggest import did_you_mean

from .result import NewResult


def with_details(result: NewResult, show: str | None, *, diff: bool) -> NewResult:
    """Return the result of a dry run with the file to `show`, or with the differences.

    Raises UsageError if there is no such file.
    """
    paths = [file.path for file in result.plan.files]
    if show is not None and show not in paths:
        raise UsageError(
            f"the project has no file {show}{did_you_mean(show, paths)}",
            hint="Without --show, the tree of all files is shown.",
        )
    return replace(result, shown=show, differences=_differences(result) if diff else None)


def _differences(result: NewResult) -> tuple[Difference, ...]:
    files = [file for file in result.plan.files if file.action is not Action.KEEP]
    disk = read_tree(result.target, [file.path for file in files])
    return tuple(
        difference(file.path, disk.get(file.path), file.file)
        for file in files
        if not is_state_file(file.path)
    )
