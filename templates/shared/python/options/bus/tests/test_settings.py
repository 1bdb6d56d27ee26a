"""Malformed settings of the bus."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from ....settings import explain
from .. import BusSettings
from ..kafka.settings import KafkaSettings


@pytest.mark.parametrize("url", ["kafka://a,b:9092", "kafka://[::1]:9092", "sqlite:///bus.db"])
def test_a_url_of_a_bus_is_accepted(url: str) -> None:
    assert BusSettings(bus_url=url).bus_url == url


@pytest.mark.parametrize("url", ["", "broker:9092", "kafka://", "kafka://a:b", "kafka://http://a"])
def test_a_malformed_url_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="a URL is written like kafka://host:9092"):
        BusSettings(bus_url=url)


def test_a_file_without_a_certificate_is_refused(tmp_path: Path) -> None:
    """The sentence names the variable, not the option of the library."""
    empty = tmp_path / "ca.crt"
    empty.touch()
    with pytest.raises(ValidationError) as error:
        KafkaSettings(kafka_security_protocol="ssl", kafka_ssl_ca_location=str(empty))
    assert "refuses its settings: KAFKA_SSL_CA_LOCATION failed: " in explain(error.value)


def test_a_password_without_a_user_is_refused() -> None:
    with pytest.raises(ValidationError, match="The Kafka client refuses its settings: "):
        KafkaSettings(
            kafka_security_protocol="sasl_ssl",
            kafka_sasl_mechanism="PLAIN",
            kafka_sasl_password=SecretStr("secret"),
        )
