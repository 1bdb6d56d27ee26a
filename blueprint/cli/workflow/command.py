"""`blueprint workflow`: print a workflow that updates a project every week."""

from pathlib import Path

WORKFLOW = Path(__file__).with_name("update.yml")


def workflow() -> None:
    """Print a GitHub Actions workflow for weekly updates.

    It opens a pull request that says what changed, why, and what waits for you. Save it as
    .github/workflows/update.yml.
    """
    from ..console import Console

    Console().line(WORKFLOW.read_text("utf-8").rstrip("\n"))
