"""What can be measured of the peers."""

from collections.abc import Collection, Mapping

from ..chassis.serving.program import Reading
from .client import Peer


def circuits(*peers: Peer) -> Reading:
    """Return the reading of which of these are held back."""
    return Reading(
        "peer_circuit_open",
        "1 while calls to the peer are held back, since too many failed.",
        "peer",
        lambda: _read(peers),
    )


async def _read(peers: Collection[Peer]) -> Mapping[str, float]:
    return {peer.name: float(peer.is_held_back) for peer in peers}
