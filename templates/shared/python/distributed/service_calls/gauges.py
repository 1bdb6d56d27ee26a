"""Metrics of calls to other services."""

from collections.abc import Collection, Mapping

from ...serving.program import GaugeSource
from .client import ServiceClient


def circuit_gauge(*clients: ServiceClient) -> GaugeSource:
    """Return the gauge of open circuits."""
    return GaugeSource(
        "peer_circuit_open",
        "1 while the circuit to the peer is open, because too many calls failed.",
        "peer",
        lambda: _read(clients),
    )


async def _read(clients: Collection[ServiceClient]) -> Mapping[str, float]:
    return {client.name: float(client.is_circuit_open) for client in clients}
