"""The shop's commands: `python -m <package>.app COMMAND`."""

import asyncio
import sys

import click

from chassis.serving import commands

from ..orders.tables import outbox


@click.command()
def seed() -> None:
    """Add the administrator, sample products and stock."""
    from . import seed

    asyncio.run(seed.seed())


if __name__ == "__main__":
    assert __package__
    sys.exit(
        commands.main(
            __package__,
            commands.serve(f"{__package__}.main"),
            commands.migrate,
            seed,
            commands.revision,
            commands.dead_letters(outbox),
        )
    )
