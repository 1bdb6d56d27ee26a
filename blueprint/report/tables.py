"""Tables for a terminal, in one style."""

from rich import box
from rich.table import Table


def new_table(title: str, *columns: str) -> Table:
    """Return an empty table; a column whose name begins with > has numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        numeric = column.startswith(">")
        table.add_column(
            column.lstrip(">"), justify="right" if numeric else "left", no_wrap=numeric, overflow="fold"
        )
    return table
