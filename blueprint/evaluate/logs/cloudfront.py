"""Access logs of CloudFront, in the extended log format of W3C with tabs between the fields."""

from .log_format import PatternFormat
from .times import iso_second, scaled

STANDARD = (
    "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) "
    "cs(User-Agent)"
)
"""First fields of a standard log."""

_GROUPS = {
    "cs-method": r"(?P<method>[A-Z]++)",
    "cs-uri-stem": r"(?P<target>[^\t\n]*+)",
    "sc-status": r"(?P<status>\d++)",
    "sc-bytes": r"(?P<size>\d++)",
    "cs(User-Agent)": r"(?P<agent>[^\t\n]*+)",
    "time-taken": r"(?P<duration>[\d.]++)",
}
_TIME = r"(?P<time>\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d)"
_ANY = r"[^\t\n]*+"


def cloudfront_format(fields: str) -> PatternFormat:
    """Return the format with these fields, as the line `#Fields:` of a log lists them."""
    names = fields.replace("date time ", "moment ", 1).split()
    patterns = [_TIME if name == "moment" else _GROUPS.get(name, _ANY) for name in names]
    pattern = r"\t".join(patterns) + r"(?:\t.*+)?"
    return PatternFormat("CloudFront", pattern, iso_second, scaled(1000), sees_visitors=True)


def cloudfront_fields(head: bytes) -> str:
    """Return the fields that the first lines of a log name, or those of a standard log."""
    for line in head.splitlines():
        if line.startswith(b"#Fields:"):
            return " ".join(line.removeprefix(b"#Fields:").decode("latin-1").split())
    return STANDARD
