"""Tests of the logs of retries."""

import pytest
import stamina

from ..telemetry import retry_logs


def test_only_retries_that_are_not_routine_are_warnings(caplog: pytest.LogCaptureFixture) -> None:
    retry_logs.install()

    @stamina.retry(on=ConnectionError, attempts=5, timeout=None, wait_initial=0, wait_max=0)
    def connect() -> None:
        raise ConnectionError("refused")

    with pytest.raises(ConnectionError):
        connect()
    warnings = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert [line.split(" of ")[0] for line in warnings] == ["retry 3", "retry 4"]
    assert "ConnectionError('refused')" in warnings[0]
