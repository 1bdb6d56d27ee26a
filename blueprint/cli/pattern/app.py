"""Commands of `blueprint pattern`."""

import typer

from .add import add
from .check.command import check
from .init import init
from .list_ import list_
from .pack import pack
from .preview.command import preview
from .remove import remove
from .show import show
from .test.command import golden_test

app = typer.Typer(
    help="List, add, create and check patterns.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.command("list", epilog="Example: blueprint pattern list --json")(list_)
app.command(epilog="Example: blueprint pattern show monolith")(show)
app.command(epilog="Example: blueprint pattern add ../team-patterns")(add)
app.command(epilog="Example: blueprint pattern remove team-service")(remove)
app.command(epilog="Example: blueprint pattern init my-pattern")(init)
app.command(epilog="Example: blueprint pattern check my-pattern --smoke")(check)
app.command(epilog="Example: blueprint pattern preview my-pattern --file README.md --watch")(preview)
app.command("test", epilog="Example: blueprint pattern test my-pattern --update")(golden_test)
app.command(epilog="Example: blueprint pattern pack my-pattern --wheel")(pack)
