"""Tables for a terminal, in one style."""

from typing import Literal

from rich import box
from rich.table import Table


def new_table(title: str, *columns: str) -> Table:
    """Return an empty table. A column whose name begins with > has numbers; one with = has names.

    Neither is wrapped: on a narrow terminal, the text of other columns makes room for them.
    """
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        whole = column.startswith((">", "="))
        justify: Literal["left", "right"] = "right" if column.startswith(">") else "left"
        table.add_column(column.lstrip(">="), justify=justify, no_wrap=whole, overflow="fold")
    return table
