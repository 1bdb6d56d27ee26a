"""Kafka has one version wherever it runs, which the Strimzi operator knows."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
KAFKA = re.compile(
    r"""apache/kafka:([\d.]+) | <kafka\.version>([\d.]+)< | ^\ {4}version:\ ([\d.]+)$""",
    re.MULTILINE | re.VERBOSE,
)
FILES = (
    "shared/deploy/strimzi/kafka.yaml.jinja",
    "shared/deploy/compose/_parts/broker.yaml",
    "shared/deploy/components/broker/broker.yaml.jinja",
    "event-driven/files/tests/broker/pom.xml",
    "shared/spring/project/pom.xml.jinja",
)


def test_tests_run_the_kafka_of_production() -> None:
    """Production, Compose, the development overlay, and the tests of both stacks have the same version."""
    found = {file: [max(each) for each in KAFKA.findall((TEMPLATES / file).read_text())] for file in FILES}
    assert len(found[FILES[0]]) == 1
    assert found == dict.fromkeys(FILES, found[FILES[0]])
