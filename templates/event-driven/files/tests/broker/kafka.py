"""Apache Kafka (KRaft, one node) on free ports, which tests can start, stop, kill and restart.

Maven downloads the jars once (about 45 MB) into `build/kafka-<version>`. Java 17 or newer is required.
"""

import fcntl
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

POM = Path(__file__).with_name("pom.xml")
START_SECONDS = 60
STOP_SECONDS = 30
# The id of the cluster, in base64: 16 bytes, of which only the last is not zero.
CLUSTER = "AAAAAAAAAAAAAAAAAAAAAQ"
STARTED = "Kafka Server started"
CONFIGURATION = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
log.dirs={data}
# As in production: a missing topic is an error.
auto.create.topics.enable=false
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# Low values, so that tests detect killed consumers quickly.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
group.consumer.min.session.timeout.ms=1000
group.consumer.session.timeout.ms=3000
group.consumer.min.heartbeat.interval.ms=100
group.consumer.heartbeat.interval.ms=300
"""


class BrokerUnavailable(Exception):
    """A program that the broker requires is not installed."""


class Broker:
    """One broker; its data stays in `folder` across restarts."""

    def __init__(self, folder: Path, jars: Path) -> None:
        self.jars = jars
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._port, controller = _free_ports(2)
        self._configuration = folder / "server.properties"
        self._configuration.write_text(
            CONFIGURATION.format(port=self._port, controller=controller, data=folder / "data")
        )
        self._log = folder / "broker.log"

    @property
    def address(self) -> str:
        """Address for clients, as host:port."""
        return f"127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """Address as a value of `BUS_URL`."""
        return f"kafka://{self.address}"

    def __enter__(self) -> "Broker":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the broker with its stored data, and wait until it accepts connections."""
        if not (self._folder / "data").exists():
            self._format()
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                [*self._java("-Xmx512m"), "kafka.Kafka", str(self._configuration)],
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )
        deadline = time.monotonic() + START_SECONDS
        while STARTED not in self._log.read_text(errors="replace"):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"Kafka did not start:\n{self._log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Shut the broker down cleanly, if it runs."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the broker, as a crash would."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _format(self) -> None:
        tool = ["kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", str(self._configuration)]
        subprocess.run([*self._java("-Xmx128m"), *tool], check=True, capture_output=True)

    def _java(self, heap: str) -> list[str]:
        logging = "-Dorg.slf4j.simpleLogger"
        return [
            program("java"),
            heap,
            "-XX:+UseSerialGC",
            # Tests are too short for the second compiler to pay off.
            "-XX:TieredStopAtLevel=1",
            f"{logging}.defaultLogLevel=warn",
            f"{logging}.log.kafka.server.KafkaRaftServer=info",
            "-cp",
            f"{self.jars}/*",
        ]


def jars(build: Path) -> Path:
    """Return the folder of Kafka's jars below `build`; Maven downloads them the first time.

    Raise `BrokerUnavailable` if Java or Maven is not installed.
    """
    folder = build.absolute() / f"kafka-{_version()}"
    program("java")
    build.mkdir(parents=True, exist_ok=True)
    with (build / "kafka.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            partial = folder.with_name(f"{folder.name}.partial")
            shutil.rmtree(partial, ignore_errors=True)
            command = [program("mvn"), "-q", "-B", "-f", str(POM)]
            command += ["dependency:copy-dependencies", f"-DoutputDirectory={partial}"]
            subprocess.run(command, check=True)
            partial.rename(folder)
    return folder


def program(name: str) -> str:
    """Return the path of an installed program; raise `BrokerUnavailable` if it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise BrokerUnavailable(f"{name} is not installed")
    return found


def _version() -> str:
    found = re.search(r"<kafka.version>(.+)</kafka.version>", POM.read_text())
    assert found is not None
    return found[1]


def _free_ports(number: int) -> list[int]:
    probes = [socket.socket() for _ in range(number)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
