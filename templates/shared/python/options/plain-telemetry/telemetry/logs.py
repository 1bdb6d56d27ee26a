"""Logs: readable lines with the request id."""

import logging
from typing import Any

from ..http.context import request_id
from .settings import TelemetrySettings


class WithRequestId(logging.Filter):
    """Adds the request id to each log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set the request id and keep the record."""
        record.request_id = request_id.get() or "-"
        return True


def logging_config(settings: TelemetrySettings) -> dict[str, Any]:
    """Return the configuration of the standard library's logging (`logging.config.dictConfig`)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": WithRequestId}},
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)-7s %(name)s [%(request_id)s] %(message)s"}
        },
        "handlers": {
            "out": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]},
        },
        "root": {"level": settings.log_level, "handlers": ["out"]},
        "loggers": {
            "_granian": {"propagate": True},
            # These log each step of a migration, and each request that is sent.
            "alembic": {"level": "WARNING"},
            "httpx2": {"level": "WARNING"},
        },
    }
