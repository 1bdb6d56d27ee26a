"""Finds the format of an access log by its first lines."""

from collections.abc import Sequence
from pathlib import Path

from ..errors import EvidenceError
from .alb import alb_format
from .cloudfront import cloudfront_fields, cloudfront_format
from .haproxy import haproxy_formats
from .json_lines import json_formats
from .log_format import FIELDS, LogFormat
from .nginx import default_formats

DURATION = FIELDS.index("duration")


def detect_format(path: Path, head: bytes, own: Sequence[LogFormat]) -> LogFormat:
    """Return the format that reads most of the lines in `head`, and of their durations; on a tie, the first.

    `own` are formats that the user gave. Raises EvidenceError if no line has a known format.
    """
    formats: list[LogFormat] = [
        *own,
        *haproxy_formats(),
        alb_format(),
        cloudfront_format(cloudfront_fields(head)),
        *json_formats(),
        *default_formats(),
    ]
    number = head.count(b"\n")
    fits = [sum(2 if row[DURATION] else 1 for row in each.requests(head, number)) for each in formats]
    if not any(fits):
        names = ", ".join(each.name for each in formats)
        raise EvidenceError(
            f"{path}: no line has a known log format ({names})",
            hint="Give the log_format of NGINX, or the nginx.conf file that has it, with --log-format.",
        )
    return formats[fits.index(max(fits))]
