"""The acceptance suite replays public bug reports of other shops, and a page lists them."""

import re
from collections import Counter

from tools.reference import REFERENCE
from tools.reported_bugs import ACCEPTANCE, REPORT, reported_bugs

FEWEST = 40
ROW = re.compile(
    r"^\| (?P<kind>[^|]+) \| \[(?P<report>[^\]]+)\]\((?P<url>[^)]+)\) \| [^|]+ \| "
    r"`(?P<file>test_\w+\.py)::(?P<test>test_\w+)` \|$",
    re.MULTILINE,
)


def test_at_least_forty_reports_are_replayed() -> None:
    """The suite replays 40 different reports or more, each in one test."""
    reports = Counter(bug.report for bug in reported_bugs())
    assert len(reports) >= FEWEST
    assert [report for report, tests in reports.items() if tests > 1] == []


def test_every_report_that_a_test_names_is_found() -> None:
    """No report is lost because its note has another form."""
    sources = "".join(path.read_text("utf-8") for path in ACCEPTANCE.glob("test_*.py"))
    assert sorted(found[0] for found in REPORT.finditer(sources)) == sorted(
        bug.report for bug in reported_bugs()
    )


def test_the_page_names_tests_that_exist() -> None:
    """Each row of the page has a report and a test of the acceptance suite."""
    page = (REFERENCE / "replayed-reports.md").read_text("utf-8")
    rows = list(ROW.finditer(page))
    assert [row["report"] for row in rows] == [bug.report for bug in reported_bugs()]
    for row in rows:
        source = (ACCEPTANCE / row["file"]).read_text("utf-8")
        assert f"\ndef {row['test']}(" in source, row["test"]
        repository, _, number = row["report"].partition("#")
        assert row["url"] == f"https://github.com/{repository}/issues/{number}"
