"""Access logs with known figures: each format gives them back within 2 %."""

import gzip
from pathlib import Path

import pytest

from blueprint.evaluate.errors import EvidenceError
from blueprint.evaluate.evidence import Evidence
from blueprint.evaluate.logs.measure import read_access_logs
from blueprint.evaluate.logs.stats import TrafficStats

from .access_logs import EXPONENT, ITEMS, NGINX_FORMAT, WITHOUT_AGENT, WRITERS, Hit, Truth, hits, log_text

RATES = [600] * 20 + [3_000] * 2 + [600] * 20


@pytest.fixture(scope="module")
def requests() -> list[Hit]:
    """Return requests of 42 minutes, two of them busy."""
    return list(hits(RATES))


def read(path: Path, text: str, log_format: str | None = None) -> tuple[Evidence, TrafficStats]:
    """Write a log and read it."""
    path.write_text(text)
    return read_access_logs([path], log_format)


def estimates(evidence: Evidence) -> dict[str, object]:
    """Return the estimate of each measured input."""
    return {each.input: each.estimate for each in evidence.measurements}


@pytest.mark.parametrize("name", WRITERS)
def test_every_figure_is_within_2_percent(name: str, requests: list[Hit], tmp_path: Path) -> None:
    """Each format yields rates, reads, sizes, items, skew, latency and errors as they were generated."""
    if name in WITHOUT_AGENT:
        requests = [hit for hit in requests if "bot" not in hit.agent]
    truth = Truth(requests)
    evidence, stats = read(
        tmp_path / "access.log", log_text(requests, name), NGINX_FORMAT if name == "nginx" else None
    )
    measured = estimates(evidence)
    views = stats.routes[0]

    assert (stats.requests, stats.left_out, stats.broken_lines) == (truth.requests, truth.left_out, 0)
    assert (stats.errors, stats.busiest_second_rps) == (truth.errors, truth.busiest_second)
    assert measured["mean_rps"] == pytest.approx(truth.mean_rps, rel=0.02)
    assert measured["peak_rps"] == pytest.approx(truth.peak_rps, rel=0.02)
    assert measured["read_fraction"] == pytest.approx(truth.read_fraction, rel=0.02)
    assert measured["payload_kb"] == pytest.approx(truth.payload_kb, rel=0.02)
    assert measured["catalogue_items"] == pytest.approx(ITEMS, rel=0.02)
    assert measured["catalogue_skew"] == pytest.approx(EXPONENT, rel=0.02)
    assert views.route == "GET /products/{id}"
    for share, measured_ms in ((0.5, views.p50_ms), (0.95, views.p95_ms), (0.99, views.p99_ms)):
        assert measured_ms == pytest.approx(truth.percentile(share), rel=0.02)


def test_the_interval_holds_the_estimate(requests: list[Hit], tmp_path: Path) -> None:
    """Each estimate lies within its own interval."""
    evidence, _ = read(tmp_path / "access.log", log_text(requests, "alb"))
    for each in evidence.measurements:
        assert each.low <= each.estimate <= each.high, each  # type: ignore[operator]


def test_broken_lines_are_counted_and_change_nothing_else(requests: list[Hit], tmp_path: Path) -> None:
    """Lines that are cut off, binary or of another program are counted, and the others count as before."""
    lines = log_text(requests, "nginx").splitlines()
    good, _ = read(tmp_path / "good.log", "\n".join(lines), NGINX_FORMAT)
    broken = ["203.0.113.9 - - [01/Jan/2026:00:0", '"' * 50, "\x00\xff", lines[0][:90], "kernel: oops"]
    for number, line in enumerate(broken):
        lines.insert(100 * (number + 1), line)
    evidence, stats = read(tmp_path / "bad.log", "\n".join(lines), NGINX_FORMAT)

    assert stats.broken_lines == len(broken)
    assert estimates(evidence) == estimates(good)


def test_a_compressed_log_and_two_logs_count_like_one(requests: list[Hit], tmp_path: Path) -> None:
    """A gzipped log reads like a plain one, and the parts of a log like the whole."""
    lines = log_text(requests, "envoy").splitlines(keepends=True)
    whole, _ = read(tmp_path / "whole.log", "".join(lines))
    one, two = tmp_path / "one.log.gz", tmp_path / "two.log"
    one.write_bytes(gzip.compress("".join(lines[::2]).encode()))
    two.write_text("".join(lines[1::2]))
    parts, stats = read_access_logs([one, two], None)

    assert stats.broken_lines == 0
    assert estimates(parts) == estimates(whole)


def test_a_compressed_log_that_is_cut_off_is_read_as_far_as_it_goes(
    requests: list[Hit], tmp_path: Path
) -> None:
    """A log that is still being written counts, and a note says so."""
    path = tmp_path / "access.log.gz"
    whole = gzip.compress(log_text(requests, "alb").encode())
    path.write_bytes(whole[: len(whole) // 2])
    evidence, stats = read_access_logs([path], None)

    assert 0 < stats.requests < len(requests)
    assert evidence.notes[0] == "the end of access.log.gz is missing; what could be read counts"

    path.write_bytes(whole[:100])
    with pytest.raises(EvidenceError, match="the compressed log is damaged"):
        read_access_logs([path], None)


def test_no_address_and_no_query_is_in_the_result(requests: list[Hit], tmp_path: Path) -> None:
    """Neither the addresses of visitors nor their queries are in what an evaluation returns."""
    result = repr(read(tmp_path / "access.log", log_text(requests, "nginx")))
    assert "203.0.113.9" not in result
    assert "q=1" not in result


@pytest.mark.parametrize("content", ["hello\nworld\n", "", "\n\n", "{}\n", "\x00\x01\x02\n"])
def test_an_unknown_format_is_one_clear_error(content: str, tmp_path: Path) -> None:
    """A file that is no access log is an error that names the file."""
    with pytest.raises(EvidenceError, match=r"access\.log: ") as caught:
        read(tmp_path / "access.log", content)
    assert caught.value.hint


def test_short_logs_have_a_peak_that_is_not_below_the_mean(tmp_path: Path) -> None:
    """A log of half a minute that falls into two minutes has a peak of at least its mean."""
    requests = [hit._replace(second=hit.second + 45) for hit in hits([600]) if hit.second % 60 < 30]
    evidence, _ = read(tmp_path / "access.log", log_text(requests, "envoy"))
    measured = estimates(evidence)
    assert measured["peak_rps"] >= measured["mean_rps"]  # type: ignore[operator]
