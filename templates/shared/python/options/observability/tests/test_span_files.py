"""Tests of the files of trace spans."""

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import StatusCode, Tracer

from ..telemetry import span_files
from ..telemetry.span_files import SpanFiles

WRITERS = 4
SPANS = 300


def tracer_into(folder: Path, service: str) -> tuple[Tracer, TracerProvider]:
    """Return a tracer whose spans go to the folder when its provider is shut down."""
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(SpanFiles(folder, service), max_export_batch_size=10))
    return provider.get_tracer("test"), provider


def write(folder: Path, service: str, count: int) -> None:
    """Write spans with numbers as names."""
    tracer, provider = tracer_into(folder, service)
    for number in range(count):
        tracer.start_span(str(number), attributes={"text": "x" * 100}).end()
    provider.shutdown()


def spans_in(*files: Path) -> list[dict[str, Any]]:
    """Return the spans in the files; each line has to be complete."""
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_a_line_describes_a_span(tmp_path: Path) -> None:
    tracer, provider = tracer_into(tmp_path / "traces", "orders")
    with tracer.start_as_current_span("place") as parent:
        parent.add_event("event stored", {"event.type": "OrderPlaced"})
        with tracer.start_as_current_span("reserve", attributes={"sku": "a"}) as child:
            child.set_status(StatusCode.ERROR, "sold out")
    provider.shutdown()
    child_line, parent_line = spans_in(tmp_path / "traces/orders.jsonl")
    assert parent_line["parent"] is None
    assert child_line["parent"] == parent_line["span"]
    assert child_line["trace"] == parent_line["trace"]
    assert (child_line["service"], child_line["name"]) == ("orders", "reserve")
    assert (child_line["error"], child_line["attributes"]) == ("sold out", {"sku": "a"})
    assert parent_line["events"][0]["attributes"] == {"event.type": "OrderPlaced"}
    assert parent_line["start"] <= child_line["start"] <= child_line["end"] <= parent_line["end"]


def test_several_processes_share_a_file(tmp_path: Path) -> None:
    processes = [
        multiprocessing.get_context("spawn").Process(target=write, args=(tmp_path, "orders", SPANS))
        for _ in range(WRITERS)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    names = [span["name"] for span in spans_in(tmp_path / "orders.jsonl")]
    assert sorted(names) == sorted(str(number) for number in range(SPANS) for _ in range(WRITERS))


def test_old_spans_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(span_files, "LIMIT", 20_000)
    write(tmp_path, "orders", SPANS)
    # The last batch may have filled the file, so that the next one begins a new file.
    files = [file for name in ("orders.old", "orders") if (file := tmp_path / f"{name}.jsonl").exists()]
    assert all(file.stat().st_size < 30_000 for file in files)
    numbers = [int(span["name"]) for span in spans_in(*files)]
    assert numbers == list(range(numbers[0], SPANS))
    assert numbers[0] > 0
