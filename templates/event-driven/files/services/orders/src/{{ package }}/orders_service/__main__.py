"""Command line of the orders service: `python -m <package>.orders_service COMMAND`."""

import sys

from chassis.serving import commands

from ..orders.tables import outbox

if __name__ == "__main__":
    assert __package__
    sys.exit(
        commands.main(
            __package__,
            commands.serve(f"{__package__}.main"),
            commands.migrate,
            commands.revision,
            commands.dead_letters(outbox),
        )
    )
