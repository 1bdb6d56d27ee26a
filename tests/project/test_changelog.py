"""Changelog of a pattern."""

from pathlib import Path

from blueprint.project.changelog import changes_between, entries_for

CHANGELOG = """# Changelog

- Not of a version.

## Unreleased

- Not released.

## [1.3.0] - 2026-11-20

### Added

- Orders time out after 30 seconds,
  as `src/orders.py` says.

### Fixed

- `deploy/` has a health check.

## v1.2.0

* Two replicas.

## 1.2.0-rc.1

- A candidate.

## 1.1.0

- Old.
"""


def write(folder: Path, text: str = CHANGELOG) -> Path:
    """Write the changelog of the pattern in `folder`."""
    (folder / "CHANGELOG.md").write_text(text)
    return folder


def test_the_entries_between_two_versions_are_found(tmp_path: Path) -> None:
    """Entries after the first version up to the second are found, in the order of the file."""
    found = changes_between(write(tmp_path), "1.2.0-rc.1", "1.3.0")
    assert found == [
        ("1.3.0", "Orders time out after 30 seconds, as `src/orders.py` says."),
        ("1.3.0", "`deploy/` has a health check."),
        ("1.2.0", "Two replicas."),
    ]
    assert changes_between(tmp_path, "1.3.0", "1.3.0") == []


def test_an_entry_belongs_to_the_files_that_it_names(tmp_path: Path) -> None:
    """An entry that names a file, or a folder above it, is for that file; other files get all entries."""
    found = changes_between(write(tmp_path), "1.1.0", "1.3.0")
    assert [entry.text for entry in entries_for("deploy/app.yaml", found)] == [
        "`deploy/` has a health check."
    ]
    assert len(entries_for("src/orders.py", found)) == 1
    assert entries_for("README.md", found) == found


def test_a_pattern_needs_no_changelog(tmp_path: Path) -> None:
    """Without a changelog there are no entries, and a link is not followed."""
    assert changes_between(tmp_path, "1.0.0", "2.0.0") == []
    write(tmp_path, "## 1.5.0\n\n- Private.\n").joinpath("CHANGELOG.md").rename(tmp_path / "elsewhere")
    (tmp_path / "CHANGELOG.md").symlink_to("elsewhere")
    assert changes_between(tmp_path, "1.0.0", "2.0.0") == []
