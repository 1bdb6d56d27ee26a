"""The shop's commands: `python -m <package>.app COMMAND`."""

import argparse
import asyncio
import sys

from chassis.serving import commands

from ..orders.tables import outbox


def _seed(_args: argparse.Namespace) -> None:
    from .seed import seed

    asyncio.run(seed())


if __name__ == "__main__":
    assert __package__
    sys.exit(
        commands.main(
            __package__,
            commands.serve(f"{__package__}.main"),
            commands.migrate(),
            commands.Command("seed", "add the administrator, sample products and stock", _seed),
            commands.revision(),
            commands.dead_letters(outbox),
        )
    )
