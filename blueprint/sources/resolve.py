"""Resolve a location to a pattern: fetch the source, find the pattern in it, and load it."""

from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from blueprint.errors import HostilePatternError, UnknownPatternError
from blueprint.patterns import Origin, Pattern

from .detect import kind_in, subfolders_with_patterns
from .locations import Location


@dataclass(frozen=True)
class FetchedSource:
    """A source that is available locally: its folder, and where it came from.

    `mirror` is the git directory of a source in git.
    """

    folder: Path
    origin: Origin
    mirror: Path | None = None

    @property
    def text(self) -> str:
        """The location without a subfolder, as a user can write it."""
        ref = f"@{self.origin.ref}" if self.origin.ref else ""
        return f"{self.origin.location}{ref}"


def resolve_location(location: Location) -> Pattern:
    """Fetch and load the only pattern at `location`. Raises BlueprintError."""
    fetched = fetch_source(location)
    found = patterns_in(fetched)
    if len(found) > 1:
        raise UnknownPatternError(
            f"there are {len(found)} patterns in {fetched.text}",
            hint=f"Choose one: {', '.join(f'{fetched.text}#{folder}' for folder in found)}",
        )
    return load_fetched(fetched, found[0])


def fetch_source(location: Location) -> FetchedSource:
    """Make the source at `location` available locally. Raises SourceError or HostilePatternError."""
    origin = Origin(type=location.type, location=location.address, subfolder=location.subfolder)
    if location.type == "git":
        from .fetch.git import check_out

        checkout = check_out(location)
        commit, described = checkout.commit, checkout.described
        origin = replace(origin, ref=location.ref, commit=commit, described=described)
        return FetchedSource(checkout.folder, origin, checkout.mirror)
    if location.type == "zip":
        from .fetch.zips import unpack

        return FetchedSource(unpack(Path(location.address).expanduser()), origin)
    return FetchedSource(Path(location.address).expanduser(), origin)


def patterns_in(fetched: FetchedSource) -> list[str]:
    """Return the folders of a source that contain patterns: the requested one, or all below it.

    The list is never empty. Raises UnknownPatternError or HostilePatternError.
    """
    requested = fetched.origin.subfolder
    folder = _inside(fetched, requested)
    if kind_in(folder):
        return [requested]
    found = subfolders_with_patterns(folder) if folder.is_dir() else []
    if not found:
        raise UnknownPatternError(
            f"there is no pattern in {fetched.text}{f'#{requested}' if requested else ''}",
            hint="Use a folder that contains a pattern.yaml, a copier.yml or a cookiecutter.json.",
        )
    return [f"{requested}/{below}".lstrip("/") for below in found]


def load_fetched(fetched: FetchedSource, subfolder: str) -> Pattern:
    """Load the pattern in `subfolder` of a source. Raises PatternError or HostilePatternError."""
    folder = _inside(fetched, subfolder)
    kind = kind_in(folder) or "native"
    origin = replace(fetched.origin, subfolder=subfolder, kind=kind)
    if kind != "native":
        return _load_external(fetched, folder, origin)
    from .native import load_native

    return load_native(folder.resolve(), fetched.folder.resolve(), origin)


def _load_external(fetched: FetchedSource, folder: Path, origin: Origin) -> Pattern:
    """Load the template of another tool in `folder` from a private copy, which its digest covers."""
    from .snapshot import Snapshot

    is_folder = origin.type == "folder"
    root = folder if is_folder else fetched.folder
    shown = str(folder) if is_folder else fetched.text
    snapshot = Snapshot(root, shown, mirror=fetched.mirror, commit=origin.commit)
    inside = snapshot.folder if is_folder else snapshot.folder / origin.subfolder
    origin = replace(origin, digest=snapshot.digest)
    with snapshot.original_paths():
        if origin.kind == "copier":
            from .copier.template import load_copier

            return load_copier(inside, snapshot, origin)
        from .cookiecutter.template import load_cookiecutter

        return load_cookiecutter(inside, snapshot, origin)


def _inside(fetched: FetchedSource, subfolder: str) -> Path:
    folder = fetched.folder / subfolder
    if not folder.resolve().is_relative_to(fetched.folder.resolve()):
        raise HostilePatternError(f"{subfolder!r} is outside {fetched.text}")
    return folder
