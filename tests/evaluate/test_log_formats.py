"""Formats of access logs, line by line."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from blueprint.evaluate.errors import EvidenceError
from blueprint.evaluate.logs.alb import alb_format
from blueprint.evaluate.logs.haproxy import haproxy_formats
from blueprint.evaluate.logs.log_format import FIELDS
from blueprint.evaluate.logs.nginx import COMBINED, formats_in, nginx_format
from blueprint.evaluate.logs.times import common_second, iso_second

from .access_logs import NGINX_FORMAT, Hit, _nginx

LINE = '192.0.2.1 - - [06/Feb/2009:12:14:14 +0100] "GET /a/b?x=1 HTTP/1.1" 200 123 "-" "Mozilla (x)"'


def fields(log_format: str, line: str) -> list[bytes]:
    """Return the fields of a line in a log_format of NGINX."""
    found = [*nginx_format(log_format, "test").requests(f"{line}\n".encode(), 1)]
    assert len(found) == 1
    return list(found[0])


@pytest.mark.parametrize(
    ("log_format", "line", "expected"),
    [
        (COMBINED, LINE, [b"GET /a/b", b"200", b"123", b"Mozilla (x)", b""]),
        (COMBINED, LINE.replace("GET /a/b?x=1 HTTP/1.1", "x"), [b"", b"200", b"123", b"Mozilla (x)", b""]),
        (COMBINED, LINE.replace("(x)", r"\"(x)\""), [b"GET /a/b", b"200", b"123", rb"Mozilla \"(x)\"", b""]),
        (
            f'{COMBINED} rt=$request_time urt="$upstream_response_time" $upstream_addr end',
            f'{LINE} rt=0.123 urt="0.1, 0.2" 192.0.2.7:80, 192.0.2.8:80 end',
            [b"GET /a/b", b"200", b"123", b"Mozilla (x)", b"0.123"],
        ),
        (
            '[$time_local] $request $status $bytes_sent "$upstream_response_time"',
            '[06/Feb/2009:12:14:14 +0100] POST /orders HTTP/2.0 201 9 "0.100, 0.200 : 0.300"',
            [b"POST /orders", b"201", b"9", b"", b"0.100, 0.200 : 0.300"],
        ),
        (
            '$msec|$request_method|$scheme://$host$request_uri|$status|$body_bytes_sent|$http_user_agent',
            "1233918854.123|GET|https://shop.example/a/b?x=1|200|123|Mozilla (x)",
            [b"GET /a/b", b"200", b"123", b"Mozilla (x)", b""],
        ),
        (
            '{"t":"$time_iso8601","m":"$request_method","u":"$uri","s":$status,"d":"$request_time"}',
            '{"t":"2009-02-06T12:14:14+01:00","m":"GET","u":"/a/b","s":200,"d":"0.010"}',
            [b"GET /a/b", b"200", b"", b"", b"0.010"],
        ),
    ],
)  # fmt: skip
def test_nginx_reads_any_log_format(log_format: str, line: str, expected: list[bytes]) -> None:
    """The fields are found wherever a log_format puts them, and the query is left out."""
    assert fields(log_format, line)[1:] == expected


def test_nginx_conf_can_have_several_formats() -> None:
    """Each log_format of a configuration file is read, with its quotes, comments and line breaks."""
    conf = """
    http {
        # log_format old '$status';
        log_format minimal '$status';
        log_format main escape=json '$remote_addr [$time_local] '
                                    '"$request" $status $body_bytes_sent';
        log_format timed "$time_iso8601 $request_method $uri $status $request_time";
    }"""
    assert [each.name for each in formats_in(conf)] == ["main", "timed"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("$status $request", "lacks a time"),
        ("$time_local $status", "lacks a request"),
        ("$time_local $request", "lacks a status"),
        ("[$time_local] $foo$bar $request $status", r"\$foo and the next variable"),
        ("no variable at all", "no log_format found"),
    ],
)
def test_a_log_format_that_cannot_be_used_says_why(text: str, message: str) -> None:
    """An error names what the format lacks."""
    with pytest.raises(EvidenceError, match=message):
        formats_in(text)


def test_haproxy_reads_what_never_reached_a_server() -> None:
    """A bad request has no method, and an aborted one a status of -1."""
    http, _ = haproxy_formats()
    head = "192.0.2.1:33317 [06/Feb/2009:12:14:14.655] web web/<NOSRV>"
    lines = (
        f'{head} -1/-1/-1/-1/109 400 187 - - PR-- 1/1/0/0/0 0/0 "<BADREQ>"\n'
        f'{head} 0/-1/-1/-1/+8 -1 +0 - - CC-- 1/1/1/1/+3 0/0 {{a|b}} "GET /x HTTP/1.1"\n'
    )
    found = [*http.requests(lines.encode(), 2)]
    assert [row[1:3] for row in found] == [(b"", b"400"), (b"GET /x", b"-1")]
    assert [row[FIELDS.index("duration")] for row in found] == [b"109", b"8"]


def test_alb_without_a_target_has_no_duration() -> None:
    """A duration of -1 means that the target did not answer; it is not a fast answer."""
    with pytest.raises(ValueError, match="-1"):
        alb_format().milliseconds(b"-1 -1 -1")


@given(some.datetimes(min_value=datetime(1971, 1, 1)))
def test_times_are_read_in_any_year(moment: datetime) -> None:
    """The common and the ISO form of a time mean the same second."""
    common = f"{moment:%d/}{'JanFebMarAprMayJunJulAugSepOctNovDec'[3 * moment.month - 3 :][:3]}"
    year = f"{moment.year:04}"
    clock = f"{moment:%H:%M:%S}"
    iso = f"{year}-{moment:%m-%d}T{clock}+01:30"
    assert common_second(f"{common}/{year}:{clock} +0130".encode()) == iso_second(iso.encode())


@given(some.binary(max_size=300).map(lambda raw: raw.replace(b"\n", b"")), some.integers(0, 3))
def test_a_hostile_line_never_hides_its_neighbors(noise: bytes, place: int) -> None:
    """Whatever stands in a line, the lines around it are read as if it were not there."""
    form = nginx_format(NGINX_FORMAT, "test")
    hits = [Hit(1_767_225_600 + n, "GET", f"/p/{n}", 200, n, n + 1, "x") for n in range(3)]
    lines = [_nginx(hit).encode() for hit in hits]
    lines.insert(place, noise)
    targets = [row[1] for row in form.requests(b"\n".join(lines) + b"\n", len(lines))]
    assert [target for target in targets if target.startswith(b"GET /p/")] == [
        b"GET /p/0",
        b"GET /p/1",
        b"GET /p/2",
    ]
