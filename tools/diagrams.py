"""Draw the diagrams of the documentation as SVG: `python -m tools.diagrams`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from pathlib import Path

IMAGES = Path(__file__).parent.parent / "docs/images"
STYLE = (
    "text{font-family:system-ui,'DejaVu Sans',Helvetica,Arial,sans-serif;fill:#1f2733;font-size:14px}"
    ".small{font-size:12px;fill:#566071}.title{font-weight:bold}.head{font-size:16px;font-weight:bold}"
    ".box{fill:#fff;stroke:#9aa4b5;stroke-width:1.2}.app{fill:#eaf1fd;stroke:#4a7bd0}"
    ".data{fill:#f1eefb;stroke:#8264c4}.log{fill:#fdf1e2;stroke:#d0842a}.good{fill:#e6f4ea;stroke:#3c8d57}"
    ".wire{fill:none;stroke:#566071;stroke-width:1.3}.tip{fill:#566071}"
)

TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
    ' orient="auto-start-reverse"><path class="tip" d="M0 0L8 4L0 8Z"/></marker></defs>'
)
"""The head of an arrow."""


@dataclass(frozen=True)
class Box:
    """A box with a title and lines, its center at (x, y)."""

    x: float
    y: float
    title: str
    lines: tuple[str, ...] = ()
    kind: str = ""
    width: float = 150.0

    @property
    def height(self) -> float:
        """Height in pixels."""
        return 34.0 + 16.0 * len(self.lines)


@dataclass
class Drawing:
    """A drawing of `width` by `height` pixels on a light background."""

    width: float
    height: float
    label: str
    parts: list[str] = field(default_factory=list)

    def box(self, box: Box) -> Box:
        """Add a box and return it."""
        left, top = box.x - box.width / 2, box.y - box.height / 2
        self.parts.append(
            f'<rect class="box {box.kind}" x="{left:.0f}" y="{top:.0f}" width="{box.width:.0f}"'
            f' height="{box.height:.0f}" rx="7"/>'
        )
        self.text(box.x, top + 22, box.title, "title")
        for row, words in enumerate(box.lines):
            self.text(box.x, top + 40 + 16 * row, words, "small")
        return box

    def text(self, x: float, y: float, words: str, kind: str = "", anchor: str = "middle") -> None:
        """Add one line of text."""
        self.parts.append(
            f'<text class="{kind}" x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(words)}</text>'
        )

    def down(self, above: Box, below: Box, *, both: bool = False) -> None:
        """Add an arrow from the bottom of one box to the top of another."""
        start, end = above.y + above.height / 2, below.y - below.height / 2
        middle = (start + end) / 2
        bend = f"V{middle:.0f}H{below.x:.0f}" if above.x != below.x else ""
        tip = ' marker-start="url(#tip)" marker-end="url(#tip)"' if both else ' marker-end="url(#tip)"'
        self.parts.append(f'<path class="wire" d="M{above.x:.0f} {start:.0f}{bend}V{end:.0f}"{tip}/>')

    def right(self, left: Box, right: Box) -> None:
        """Add an arrow from the right side of one box to the left side of another."""
        start, end = left.x + left.width / 2, right.x - right.width / 2
        middle = (start + end) / 2
        bend = f"H{middle:.0f}V{right.y:.0f}" if left.y != right.y else ""
        way = f"M{start:.0f} {left.y:.0f}{bend}H{end:.0f}"
        self.parts.append(f'<path class="wire" d="{way}" marker-end="url(#tip)"/>')

    def svg(self) -> str:
        """Return the drawing as a document."""
        size = f'width="{self.width:.0f}" height="{self.height:.0f}"'
        label = escape(self.label)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:.0f} {self.height:.0f}" {size}'
            f' role="img" aria-label="{label}"><title>{label}</title><style>{STYLE}</style>{TIP}'
            f'<rect {size} rx="10" fill="#fbfbfa" stroke="#dfe3e8"/>\n' + "\n".join(self.parts) + "\n</svg>\n"
        )


def architectures() -> Drawing:
    """Draw the three patterns side by side."""
    drawing = Drawing(
        1080, 470, "The three patterns: one program, services with a saga, services with events"
    )
    _monolith(drawing, 150)
    _microservices(drawing, 485)
    _event_driven(drawing, 870)
    for x in (310, 660):
        drawing.parts.append(f'<line x1="{x}" y1="24" x2="{x}" y2="446" stroke="#dfe3e8"/>')
    return drawing


def _monolith(drawing: Drawing, x: float) -> None:
    drawing.text(x, 40, "monolith", "head")
    edge = drawing.box(Box(x, 85, "load balancer"))
    contexts = ("identity", "catalog", "inventory", "cart", "orders", "payments")
    program = drawing.box(Box(x, 225, "one program", (*contexts, "one transaction per order"), "app", 190))
    database = drawing.box(Box(x, 400, "database", ("a schema per context",), "data", 170))
    drawing.down(edge, program)
    drawing.down(program, database)


def _microservices(drawing: Drawing, x: float) -> None:
    drawing.text(x, 40, "microservices", "head")
    edge = drawing.box(Box(x, 85, "gateway"))
    names = ("identity", "catalog", "cart", "orders")
    services = [
        drawing.box(Box(x - 129 + 86 * place, 175, name, (), "app", 80)) for place, name in enumerate(names)
    ]
    called = [
        drawing.box(Box(x + shift, 375, name, (), "app", 86))
        for shift, name in ((32, "inventory"), (126, "payments"))
    ]
    saga = drawing.box(Box(x + 76, 275, "saga of orders", ("signed calls, step by step",), "log", 178))
    for service in services:
        drawing.down(edge, service)
    drawing.down(services[-1], _port(saga, services[-1]))
    for service in called:
        drawing.down(_port(saga, service), service)
    drawing.text(x, 430, "a database per service", "small")


def _event_driven(drawing: Drawing, x: float) -> None:
    drawing.text(x, 40, "event-driven", "head")
    edge = drawing.box(Box(x, 85, "gateway"))
    names = ("identity", "catalog", "cart", "orders")
    top = [
        drawing.box(Box(x - 150 + 100 * place, 175, name, (), "app", 92)) for place, name in enumerate(names)
    ]
    log = drawing.box(Box(x, 275, "Kafka", ("orders · inventory · payments · views",), "log", 392))
    places = (
        ("inventory", -152, 92),
        ("payments", -54, 92),
        ("analytics", 42, 88),
        ("notifications", 145, 106),
    )
    bottom = [drawing.box(Box(x + shift, 375, name, (), "app", width)) for name, shift, width in places]
    for service in top:
        drawing.down(edge, service)
    for service in top[2:]:
        drawing.down(service, _port(log, service), both=service.title == "orders")
    for service in bottom:
        drawing.down(_port(log, service), service, both=service.title != "notifications")
    drawing.text(x, 430, "a database per service", "small")


def _port(box: Box, other: Box) -> Box:
    """Return a point of a wide box that is straight above or below another box."""
    return Box(other.x, box.y, "", box.lines)


def recommendation() -> Drawing:
    """Draw the way from needs to a project."""
    drawing = Drawing(1080, 250, "From needs to a project")
    steps = [
        Box(105, 90, "needs", ("traffic, data,", "consistency, team"), "", 150),
        Box(315, 90, "scores and gates", ("terms add up;", "gates exclude"), "app", 160),
        Box(525, 90, "capacity and cost", ("replicas, pools,", "prices"), "app", 160),
        Box(745, 90, "recommendation", ("pattern, options, sizes,", "break-even points"), "good", 180),
        Box(965, 90, "project", ("rendered in memory,", "written as a whole"), "good", 160),
    ]
    variation = Box(
        420, 195, "4,000 simulated variations", ("how often the label stays the same",), "log", 300
    )
    for box in (*steps, variation):
        drawing.box(box)
    for left, right in pairwise(steps):
        drawing.right(left, right)
    drawing.parts.append('<path class="wire" d="M570 195H745V123" marker-end="url(#tip)"/>')
    drawing.parts.append('<path class="wire" d="M315 123V170" marker-end="url(#tip)"/>')
    return drawing


def update() -> Drawing:
    """Draw the three-way merge of an update."""
    drawing = Drawing(1000, 300, "An update merges three versions of every file")
    base = drawing.box(
        Box(140, 70, "before", ("as blueprint wrote it", ".blueprint/pristine.tar.gz"), "data", 200)
    )
    yours = drawing.box(Box(140, 150, "yours", ("on disk, with your edits",), "", 200))
    new = drawing.box(Box(140, 230, "new", ("the pattern now,", "with the same answers"), "app", 200))
    merge = drawing.box(Box(430, 150, "merge", ("file by file,", "line by line"), "log", 150))
    journal = drawing.box(Box(660, 150, "journal", ("all contents are", "staged first"), "", 150))
    disk = drawing.box(Box(880, 150, "your project", ("one outcome", "for each file"), "good", 160))
    for source in (base, yours, new):
        drawing.right(source, merge)
    drawing.right(merge, journal)
    drawing.right(journal, disk)
    drawing.text(770, 250, "an interrupted update is finished by the next one", "small")
    return drawing


def layers() -> Drawing:
    """Draw the packages of blueprint; imports run downward only."""
    rows: Sequence[tuple[str, str]] = (
        ("cli", "one package or file per verb; the only place that prints or asks"),
        ("authoring", "check, golden trees and packages for template authors"),
        ("report", "recommendation to tables, JSON, decision record, HTML"),
        ("advise", "needs to recommendation: pure functions, data files"),
        ("needs", "needs.yaml, the questions, the presets"),
        ("project", "merge and apply: plan, journal, three-way update"),
        ("sources", "built in, directory, zip, git, Copier, Cookiecutter"),
        ("render", "pattern and answers to a tree in memory, sandboxed"),
        ("patterns", "pattern.yaml, options, answers"),
        ("sandbox · documents · suggest", "limits, strict YAML, nearest names"),
        ("errors", "messages, hints, exit statuses"),
    )
    drawing = Drawing(760, 40 + 44 * len(rows), "The packages of blueprint; imports run downward only")
    for row, (name, words) in enumerate(rows):
        y = 20 + 44 * row
        drawing.parts.append(f'<rect class="box app" x="50" y="{y}" width="680" height="36" rx="6"/>')
        drawing.text(66, y + 23, name, "title", "start")
        drawing.text(330, y + 23, words, "small", "start")
    bottom = 20 + 44 * len(rows) - 8
    drawing.parts.append(f'<path class="wire" d="M28 24V{bottom}" marker-end="url(#tip)"/>')
    return drawing


def layout() -> Drawing:
    """Draw the packages whose layout changed, with their numbers of modules before and after."""
    drawing = Drawing(1000, 355, "The layout of cli, project and sources before and after")
    drawing.text(235, 36, "before", "head")
    drawing.text(720, 36, "after", "head")
    rows: Sequence[tuple[str, str, str, Sequence[tuple[str, str]]]] = (
        (
            "cli",
            "34 modules, verbs spread over two to three files",
            "10 shared",
            (
                ("new", "4"),
                ("recommend", "5"),
                ("update", "4"),
                ("diff", "4"),
                ("add", "3"),
                ("adopt", "4"),
                ("pattern", "18"),
            ),
        ),
        ("project", "23 modules side by side", "14", (("merge", "8"), ("apply", "3"))),
        (
            "sources",
            "29 modules side by side",
            "17",
            (("copier", "5"), ("cookiecutter", "5"), ("fetch", "4")),
        ),
    )
    for row, (name, before, own, packages) in enumerate(rows):
        y = 98.0 + 96 * row
        drawing.box(Box(235, y, name, (before,), "app", 410))
        drawing.parts.append(f'<rect class="box" x="470" y="{y - 43:.0f}" width="506" height="86" rx="7"/>')
        drawing.text(480, y - 16, name, "title", "start")
        drawing.text(480, y + 2, own, "small", "start")
        x, line = 562.0, 0
        for package, modules in packages:
            width = 9.0 * len(package) + 34
            if x + width > 970:
                x, line = 562.0, line + 1
            at = y + (40 * line - 20 if len(packages) > 4 else 0)
            drawing.box(Box(x + width / 2, at, f"{package} {modules}", (), "good", width))
            x += width + 7
    return drawing


DRAWINGS = {
    "architectures.svg": architectures,
    "recommendation.svg": recommendation,
    "update.svg": update,
    "layers.svg": layers,
    "layout.svg": layout,
}


def main() -> None:
    """Write every diagram."""
    for name, draw in DRAWINGS.items():
        (IMAGES / name).write_text(draw().svg(), "utf-8")


if __name__ == "__main__":
    main()
