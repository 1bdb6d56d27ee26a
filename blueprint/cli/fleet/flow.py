"""Steps of `blueprint fleet`."""

from collections.abc import Iterator
from pathlib import Path

from blueprint.errors import BlueprintError, DiskError, UsageError, disk_error
from blueprint.project.load import load_templates
from blueprint.sources.fetch.git import fetching_once

from ..console import Console
from ..diff.flow import diff_edits
from ..update.check import check_update
from ..update.flow import UpdateRequest
from .result import FleetResult, FleetRow


def check_fleet(file: Path, console: Console) -> FleetResult:
    """Check every project that `file` names. Raises BlueprintError if the file cannot be used."""
    with console.progress("Checking"), fetching_once():
        return FleetResult(
            tuple(row for folder in read_folders(file) for row in _check(folder, file, console))
        )


def read_folders(file: Path) -> list[str]:
    """Return the lines of `file`, without comments (`#`) and empty ones. Raises DiskError or UsageError."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise DiskError(f"cannot read {file}: {problem}", hint="Check the path of the file.") from error
    folders = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not folders:
        raise UsageError(f"{file} names no project", hint="Write the folder of one project on each line.")
    return folders


def _check(folder: str, file: Path, console: Console) -> Iterator[FleetRow]:
    """Yield one row for each template of the project in `folder`, which is relative to `file`."""
    try:
        yield from [*_rows(folder, file.parent / Path(folder).expanduser(), console)]
    except BlueprintError as error:
        yield FleetRow(folder, error=error)
    except OSError as error:
        yield FleetRow(folder, error=disk_error(error))


def _rows(folder: str, location: Path, console: Console) -> Iterator[FleetRow]:
    checked = check_update(UpdateRequest(location), console)
    found = checked.updates.updates if checked.updates else ()
    updates = {update.project.template: update for update in found}
    for name, project in load_templates(checked.folder).items():
        update = updates.get(name)
        yield FleetRow(
            folder,
            project,
            newest=update.version if update else None,
            state=("behind" if update.due else "current") if update else "waiting",
            edits=len(diff_edits(UpdateRequest(location, name)).files),
            conflicts=tuple(update.conflicts if update else checked.unresolved),
        )
