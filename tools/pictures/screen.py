"""Screen of a terminal: what its output looks like in the end."""

import re

ENTER = "\r"

_TOKEN = re.compile(
    r"\x1b\[(?P<parameters>[0-9;?]*)(?P<action>[A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.|(?P<text>[^\x1b])",
    re.DOTALL,
)

Cell = tuple[str, str]
"""A character and the parameters of its colors."""


class Screen:
    """Rows of characters with colors, as wide and as high as the output needs."""

    def __init__(self) -> None:
        self._rows: list[list[Cell]] = [[]]
        self._row = self._column = 0
        self._style = ""

    def feed(self, output: str) -> None:
        """Apply the output of a program: text, movements of the cursor, erasures and colors."""
        for token in _TOKEN.finditer(output):
            if token["action"]:
                self._control(token["action"], token["parameters"])
            elif token["text"]:
                self._write(token["text"])

    def lines(self) -> list[str]:
        """Return the rows with their colors, without spaces at the end of rows and empty rows at the end."""
        lines = [_line(row) for row in self._rows]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def _control(self, action: str, parameters: str) -> None:
        number = int(parameters) if parameters.isdecimal() else 0
        match action:
            case "A":
                self._row = max(0, self._row - max(1, number))
            case "B":
                self._row += max(1, number)
            case "C":
                self._column += max(1, number)
            case "D":
                self._column = max(0, self._column - max(1, number))
            case "G":
                self._column = max(0, number - 1)
            case "J":
                # Programs that draw a line again erase from the cursor to the end of the screen.
                del self._rows[self._row + 1 :]
                del self._current()[self._column :]
            case "K":
                del self._current()[0 if number == 2 else self._column :]
            case "m":
                self._set_style(parameters)

    def _set_style(self, parameters: str) -> None:
        for each in (parameters or "0").split(";"):
            self._style = "" if each.strip("0") == "" else f"{self._style};{each}".strip(";")

    def _write(self, text: str) -> None:
        if text == "\r":
            self._column = 0
        elif text == "\n":
            self._row += 1
        elif text == "\b":
            self._column = max(0, self._column - 1)
        elif text.isprintable():
            row = self._current()
            row.extend([(" ", "")] * (self._column + 1 - len(row)))
            row[self._column] = (text, self._style)
            self._column += 1

    def _current(self) -> list[Cell]:
        self._rows.extend([] for _ in range(self._row + 1 - len(self._rows)))
        return self._rows[self._row]


def _line(row: list[Cell]) -> str:
    end = max((position for position, cell in enumerate(row, 1) if cell != (" ", "")), default=0)
    parts, style = [], ""
    for text, each in row[:end]:
        if each != style:
            parts.append(f"\x1b[0;{each}m" if each else "\x1b[0m")
            style = each
        parts.append(text)
    return "".join(parts) + ("\x1b[0m" if style else "")
