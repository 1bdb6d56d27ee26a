"""Zip files are unpacked into the cache, and may contain only regular files and folders."""

import stat
import struct
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from blueprint.errors import BlueprintError, HostilePatternError, SourceError
from blueprint.sources import find_pattern
from blueprint.sources.fetch import zips
from blueprint.user_dirs import cache_folder
from tests.patterns_on_disk import TINY_FILES, write_pattern

from .templates import write_template


def zipped(folder: Path, prefix: str = "") -> Path:
    """Pack all files below `folder` into a zip file beside it."""
    archive = folder.with_suffix(".zip")
    with ZipFile(archive, "w", ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, f"{prefix}{path.relative_to(folder).as_posix()}")
    return archive


def crafted(folder: Path, name: str, content: str = "x", mode: int = 0) -> Path:
    """Pack a pattern into a zip file, with an additional member of this name and mode."""
    archive = zipped(write_pattern(folder / "pattern"))
    member = ZipInfo(name)
    member.external_attr = mode << 16
    with ZipFile(archive, "a") as file:
        file.writestr(member, content)
    return archive


@pytest.mark.parametrize("prefix", ["", "pattern-1.2.3/"], ids=["at the top", "in one folder"])
def test_a_pattern_is_found_at_the_top_or_in_the_only_folder(tmp_path: Path, prefix: str) -> None:
    """A pattern is found at the top of an archive, or in its only folder, as in those from GitHub."""
    script = write_template(write_pattern(tmp_path / "pattern"), {"files/run.sh": "#!/bin/sh\n"})
    pattern = find_pattern(str(zipped(script, prefix)))

    assert (pattern.name, pattern.origin.type, pattern.origin.kind) == ("tiny", "zip", "native")
    assert pattern.origin.digest
    assert (pattern.folder / "files/run.sh").stat().st_mode & 0o111
    assert not (pattern.folder / "files/README.md.jinja").stat().st_mode & 0o111


def test_a_pattern_in_a_subfolder_of_an_archive(tmp_path: Path) -> None:
    """One of several patterns is selected by a subfolder; without one, the error lists all of them."""
    write_pattern(tmp_path / "team/one")
    write_pattern(tmp_path / "team/more/two")
    archive = zipped(tmp_path / "team")

    assert find_pattern(f"{archive}#more/two").origin.subfolder == "more/two"
    with pytest.raises(BlueprintError, match="there are 2 patterns") as caught:
        find_pattern(str(archive))
    assert f"{archive}#more/two, {archive}#one" in caught.value.hint


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "a/../../evil",
        "/tmp/evil",  # noqa: S108
        "a\\..\\evil",
        ".git/hooks/post-checkout",
        "a/.GIT/config",
        "./evil",
        "a//evil",
        "evil\x1b[2J",
        "evil\u202etxt",
    ],
)
def test_members_with_hostile_names_are_refused(tmp_path: Path, name: str) -> None:
    """Absolute paths, paths that lead out, git's folder, and control characters are refused."""
    with pytest.raises(HostilePatternError, match="which is not a regular file inside it"):
        find_pattern(str(crafted(tmp_path, name)))
    assert not list(tmp_path.rglob("evil"))
    assert not list(cache_folder().glob("zip-*/tree"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    """Links, pipes and devices in an archive are refused."""
    with pytest.raises(HostilePatternError, match="'link', which is not a regular file inside it"):
        find_pattern(str(crafted(tmp_path, "link", "/etc", kind | 0o777)))


def test_a_duplicate_member_is_refused(tmp_path: Path) -> None:
    """An archive with two members of one name is refused, because tools disagree on which one counts."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive = crafted(tmp_path, "pattern.yaml")
    with pytest.raises(BlueprintError):
        find_pattern(str(archive))


@pytest.mark.slow
def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small archive that unpacks to more than the size limit is refused."""
    archive = zipped(write_pattern(tmp_path / "pattern"))
    with ZipFile(archive, "a", ZIP_DEFLATED) as file:
        for number in range(3):
            file.writestr(f"zeros-{number}", bytes(50 << 20))
    monkeypatch.setattr(zips, "MAX_TOTAL", 128 << 20)
    with pytest.raises(HostilePatternError, match="unpacks to more than 128 MiB"):
        find_pattern(str(archive))


def test_an_archive_with_false_sizes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unpacked bytes are counted, so that false sizes in an archive do not evade the limit."""
    archive = zipped(write_pattern(tmp_path / "pattern", files={**TINY_FILES, "zeros": bytes(1 << 20)}))
    content = archive.read_bytes()
    archive.write_bytes(content.replace(struct.pack("<I", 1 << 20), struct.pack("<I", 10)))
    monkeypatch.setattr(zips, "MAX_TOTAL", 1 << 19)
    with pytest.raises(BlueprintError):
        find_pattern(str(archive))


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive with too many members is refused before any of them is unpacked."""
    monkeypatch.setattr(zips, "MAX_FILES", 3)
    with pytest.raises(HostilePatternError, match="contains more than 3 files"):
        find_pattern(str(zipped(write_pattern(tmp_path / "pattern"))))


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"no zip file"])
def test_a_file_that_is_not_a_zip_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    """A damaged file, or one in another format, is reported as a source that cannot be read."""
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(SourceError, match=r"is not a zip file that can be read$"):
        find_pattern(str(tmp_path / "x.zip"))
