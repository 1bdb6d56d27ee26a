"""What can be measured of the peers."""

from collections.abc import Collection, Mapping

from ..chassis.serving.program import GaugeSource
from .client import ServiceClient


def circuit_gauge(*clients: ServiceClient) -> GaugeSource:
    """Return the reading of which of these are held back."""
    return GaugeSource(
        "peer_circuit_open",
        "1 while calls to the peer are held back, since too many failed.",
        "peer",
        lambda: _read(clients),
    )


async def _read(clients: Collection[ServiceClient]) -> Mapping[str, float]:
    return {client.name: float(client.is_circuit_open) for client in clients}
