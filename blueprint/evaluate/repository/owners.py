"""Owners of files, from a CODEOWNERS file."""

from collections.abc import Sequence
from functools import cache

from pathspec import GitIgnoreSpec

PLACES = ("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


class Owners:
    """Teams by file. Only teams count: owners that are written as `@organization/team`."""

    def __init__(self, text: str) -> None:
        self._rules: list[tuple[GitIgnoreSpec, frozenset[str]]] = []
        for line in text.splitlines():
            pattern, *owners = line.partition(" #")[0].split() or [""]
            if pattern and pattern[0] not in "#[^":
                teams = frozenset(owner for owner in owners if owner.startswith("@") and "/" in owner)
                self._rules.append((GitIgnoreSpec.from_lines([pattern]), teams))
        self.teams = sorted(frozenset().union(*(teams for _, teams in self._rules)))
        self._of = cache(self._find)

    def need_several_teams(self, files: Sequence[str]) -> bool:
        """Return whether no single team owns all those of some files that have owners."""
        groups = [teams for teams in map(self._of, files) if teams]
        return bool(groups) and not frozenset.intersection(*groups)

    def _find(self, path: str) -> frozenset[str]:
        # The last rule that matches decides.
        return next((teams for spec, teams in reversed(self._rules) if spec.match_file(path)), frozenset())
