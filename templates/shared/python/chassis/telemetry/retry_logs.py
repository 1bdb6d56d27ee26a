"""Logs of retries: the first ones are routine, later ones show that something is down."""

import logging

from stamina.instrumentation import RetryDetails, set_on_retry_hooks

log = logging.getLogger(__name__)
ROUTINE_RETRIES = 2


def install() -> None:
    """Replace stamina's own logs, which report every retry and bypass the configured format."""
    set_on_retry_hooks([log_retry])


def log_retry(details: RetryDetails) -> None:
    """Log a retry: at DEBUG if it is routine, else as a warning."""
    level = logging.DEBUG if details.retry_num <= ROUTINE_RETRIES else logging.WARNING
    log.log(
        level,
        "retry %d of %s in %.1f s, after %r",
        details.retry_num,
        details.name,
        details.wait_for,
        details.caused_by,
    )
