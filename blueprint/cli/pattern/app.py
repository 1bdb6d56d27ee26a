"""`blueprint pattern`: which patterns there are, and what one can be asked for."""

import typer

from .add import add
from .check.command import check
from .init import init
from .list_ import list_
from .pack import pack
from .remove import remove
from .show import show
from .test.command import golden_test

app = typer.Typer(
    help="Show, add and make patterns.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.command("list")(list_)
app.command()(show)
app.command()(add)
app.command()(remove)
app.command()(init)
app.command()(check)
app.command("test")(golden_test)
app.command()(pack)
