"""Logs of the shop and its libraries: one JSON object per line, or readable lines on a terminal."""

import sys
from typing import Any

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

from ..http.context import request_id
from .settings import TelemetrySettings


def logging_config(settings: TelemetrySettings) -> dict[str, Any]:
    """Return the configuration of the standard library's logging (`logging.config.dictConfig`)."""
    json: list[Processor] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    render = [structlog.dev.ConsoleRenderer()] if sys.stderr.isatty() else json
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *render,
                ],
                "foreign_pre_chain": [
                    structlog.stdlib.add_log_level,
                    structlog.stdlib.add_logger_name,
                    structlog.stdlib.ExtraAdder(),
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                    add_correlation,
                ],
            }
        },
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": settings.log_level, "handlers": ["out"]},
        "loggers": {
            "_granian": {"propagate": True},
            # These log each step of a migration, and each request that is sent.
            "alembic": {"level": "WARNING"},
            "httpx2": {"level": "WARNING"},
        },
    }


def add_correlation(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Add the ids that link a log line to its request and its trace."""
    if (current := request_id.get()) is not None:
        event["request_id"] = current
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event["trace_id"] = trace.format_trace_id(span.trace_id)
        event["span_id"] = trace.format_span_id(span.span_id)
    return event
