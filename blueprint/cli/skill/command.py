"""`blueprint skill`: print a skill for coding agents."""

from pathlib import Path

SKILL = Path(__file__).with_name("SKILL.md")


def skill() -> None:
    """Print a skill that teaches coding agents to use blueprint.

    Save it where your agent looks for skills, for example as skills/blueprint/SKILL.md.
    """
    from ..console import Console

    Console().line(SKILL.read_text("utf-8").rstrip("\n"))
