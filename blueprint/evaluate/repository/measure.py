"""Needs and findings that a repository shows."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from ..evidence import Evidence, Fact, Finding, Measurement
from ..intervals import count_interval, share_interval
from .history import DAY, Change, History, Release, read_history
from .imports import imports_between, in_cycles
from .modules import module_of_file, modules_of, units_of
from .owners import PLACES, Owners
from .practices import PRACTICES, practices_in

RECENT = 90 * DAY
LARGE_CHANGE = 50
"""Files from which on a change does not show what belongs together, such as a new format everywhere."""
FEW_CHANGES = 10
TOGETHER = 0.8
"""Share of the changes of each of two units that touch both, from which on they are one in practice."""
HOT = 0.5
"""Share of the changes that touch a module from which on it is hot, if there are at least four modules."""


def read_repository(folder: Path) -> Evidence:
    """Read a repository, and return what it shows. Raises EvidenceError."""
    return _Reading(folder, read_history(folder)).result()


class _Reading:
    def __init__(self, folder: Path, history: History) -> None:
        self._folder, self._history = folder, history
        self._modules = modules_of(history.files)
        self._units = units_of(history.files, self._modules)
        self._owners = self._read_owners()
        self._touched = [self._modules_of(change) for change in history.changes]
        self._cyclic = in_cycles(imports_between(folder, history.files, self._modules))

    def result(self) -> Evidence:
        measured = [*self._engineers(), *self._teams(), *self._releases(), *self._waiting(), *self._domain()]
        return Evidence(
            (*measured, self._operations()),
            tuple(self._facts()),
            (*self._deployed_together(), *self._hot_module(), *self._cycles()),
            tuple(self._notes()),
            "monolith" if len(self._units) < 2 else None,
        )

    def _read_owners(self) -> Owners | None:
        place = next((place for place in PLACES if place in self._history.files), None)
        if place is None:
            return None
        return Owners((self._folder / place).read_text("utf-8", errors="replace"))

    def _modules_of(self, change: Change) -> frozenset[str]:
        if len(change.files) > LARGE_CHANGE:
            return frozenset()
        found = (module_of_file(path, self._modules) for path in change.files)
        return frozenset(module for module in found if module)

    def _engineers(self) -> list[Measurement]:
        """Return the authors of 90 days: at least those with three changes, at most those of a year."""
        changes = self._history.changes
        recent = Counter(c.author for c in changes if c.second > self._history.newest - RECENT)
        if not recent:
            return []
        regular = sum(count >= 3 for count in recent.values())
        year = len({change.author for change in changes})
        evidence = f"authors of {recent.total():,} changes in the last 90 days; {year} in the last year"
        return [Measurement("engineers", len(recent), max(1, regular), year, evidence)]

    def _teams(self) -> list[Measurement]:
        teams = self._owners.teams if self._owners else []
        if not teams:
            return []
        names = ", ".join(teams[:5]) + (", ..." if len(teams) > 5 else "")
        return [Measurement("teams", len(teams), len(teams), len(teams), f"teams in CODEOWNERS: {names}")]

    def _releases(self) -> list[Measurement]:
        """Return the releases of a unit per week; a unit is what has its own version tags."""
        since = self._history.newest - 2 * RECENT
        recent = [release for release in self._history.releases if release.second > since]
        weeks = min(self._history.newest - self._history.oldest, 2 * RECENT) / (7 * DAY)
        if not recent or weeks < 1:
            return []
        units = len({release.unit for release in recent})
        low, high = (bound / units / weeks for bound in count_interval(len(recent)))
        named = f" of {units} units" if units > 1 else ""
        evidence = f"{len(recent)} version tags{named} in {weeks:.0f} weeks"
        return [Measurement("releases_per_week", len(recent) / units / weeks, max(0.01, low), high, evidence)]

    def _waiting(self) -> list[Measurement]:
        """Return the changes that need the review of several teams: the code owners of their files."""
        owners, changes = self._owners, [c for c in self._history.changes if len(c.files) <= LARGE_CHANGE]
        if owners is None or len(owners.teams) < 2 or len(changes) < FEW_CHANGES:
            return []
        waiting = sum(owners.need_several_teams(change.files) for change in changes)
        low, high = share_interval(waiting, len(changes))
        evidence = f"{waiting:,} of {len(changes):,} changes touch files of several teams in CODEOWNERS"
        return [Measurement("waiting_percent", 100 * waiting / len(changes), 100 * low, 100 * high, evidence)]

    def _domain(self) -> list[Measurement]:
        """Return how well the boundaries are known: whether modules kept their shape, without cycles."""
        cyclic, age = self._cyclic, self._history.newest - self._history.oldest
        if len(self._modules) < 2:
            return []
        moved = set(modules_of(self._history.year_ago)) ^ set(self._modules)
        shape = f"{len(cyclic)} of {len(self._modules)} modules in import cycles"
        if age < 180 * DAY or len(cyclic) > len(self._modules) / 3:
            value, why = "new", f"{shape}; the history covers {age // DAY} days"
        elif self._history.year_ago and not cyclic and not moved:
            value, why = "stable", f"{shape}; the same modules as a year ago"
        else:
            value, why = "partly", f"{shape}; {len(moved)} modules came or went within a year"
        return [Measurement("domain", value, value, value, why)]

    def _operations(self) -> Measurement:
        found = practices_in(self._folder, self._history.files)
        shown = "; ".join(f"{name}: {path}" for name, path in found.items()) or "no file shows a practice"
        return Measurement("ops_maturity", len(found), len(found), len(PRACTICES), shown)

    def _facts(self) -> list[Fact]:
        pairs = self._pairs(self._touched).most_common(3)
        facts = [
            Fact("modules", str(len(self._modules)), ", ".join(self._modules[:12])),
            Fact("deployable units", str(max(1, len(self._units))), ", ".join(self._units[:12]) or "one"),
        ]
        if pairs:
            shown = "; ".join(f"{one} and {other}: {count} changes" for (one, other), count in pairs)
            facts.append(
                Fact("changed together most often", shown, f"{len(self._touched):,} changes of a year")
            )
        return facts

    def _deployed_together(self) -> list[Finding]:
        released = self._release_groups()
        units = [frozenset(m for m in touched if m in self._units) for touched in self._touched]
        what, rows = ("releases", released) if released else ("changes", units)
        single, findings = Counter(unit for row in rows for unit in row), []
        for (one, other), both in self._pairs(rows).items():
            if both >= FEW_CHANGES and both >= TOGETHER * max(single[one], single[other]):
                findings.append(
                    Finding(
                        "deployed together",
                        f"{one} and {other} always go together.",
                        f"{both} of {max(single[one], single[other])} {what} touch both",
                        "Make them one deployable, or move what they share into one of them.",
                    )
                )
        return findings

    def _release_groups(self) -> list[frozenset[str]]:
        """Return the units that were released from the same commit, for each such commit."""
        by_commit: dict[str, set[str]] = {}
        units: Sequence[Release] = [release for release in self._history.releases if release.unit]
        for release in units:
            by_commit.setdefault(release.commit, set()).add(release.unit)
        return [frozenset(group) for group in by_commit.values()]

    def _hot_module(self) -> list[Finding]:
        changes = [touched for touched in self._touched if touched]
        counts = Counter(module for touched in changes for module in touched)
        if len(self._modules) < 4 or len(changes) < FEW_CHANGES:
            return []
        name, count = counts.most_common(1)[0]
        if count < HOT * len(changes):
            return []
        return [
            Finding(
                "hot module",
                f"{name} is touched by most changes.",
                f"{count:,} of {len(changes):,} changes within a year touch it",
                "Split it along the reasons for its changes before you split anything else.",
            )
        ]

    def _cycles(self) -> list[Finding]:
        if not self._cyclic:
            return []
        return [
            Finding(
                "import cycle",
                f"{len(self._cyclic)} modules import each other.",
                ", ".join(self._cyclic[:12]),
                "Remove the cycle first: modules in a cycle cannot be deployed apart.",
            )
        ]

    def _notes(self) -> list[str]:
        notes = []
        if self._owners is None:
            notes.append("without a CODEOWNERS file, teams and waiting changes stay questions")
        if not self._history.releases:
            notes.append("without version tags, the number of releases stays a question")
        return notes

    @staticmethod
    def _pairs(groups: Sequence[frozenset[str]]) -> Counter[tuple[str, str]]:
        pairs: Counter[tuple[str, str]] = Counter()
        for group in groups:
            for one, other in combinations(sorted(group), 2):
                pairs[one, other] += 1
        return pairs
