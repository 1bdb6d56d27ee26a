"""Edge of a shop in a cluster: NGINX in the network of a pod, with the shop's HTTPRoutes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.cluster.shops import Shop
from tests.servers.process import listening, program, running

from .pods import EDGE, Pods

PORT = 8080
CONFIGURATION = """
error_log stderr;
pid {folder}/edge.pid;
events {{}}
http {{
  access_log off;
  # As in generated configurations: a token can be long.
  large_client_header_buffers 4 16k;
  # Nothing is hidden by a repetition.
  proxy_next_upstream off;
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $remote_addr;
  server {{
    listen {port};
{locations}
  }}
}}
"""


@contextmanager
def edge(pods: Pods, shop: Shop, folder: Path) -> Iterator[str]:
    """Run the edge of a shop while the block runs; yield its URL.

    It is in the namespace that generated network policies let in, and opens a connection for each request.
    """
    pods.start(shop.namespace, EDGE)
    address = pods.pod(shop.namespace, EDGE)["status"]["podIP"]
    configuration = folder / "edge.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, port=PORT, locations="\n".join(_locations(shop)))
    )
    with ExitStack() as stack:
        with pods.network(shop.namespace, EDGE):
            server = running(
                [program("nginx"), "-c", str(configuration), "-g", "daemon off;"],
                ready=lambda: listening(PORT, address),
                log=folder / "edge.log",
            )
            stack.enter_context(server)
        yield f"http://{address}:{PORT}"


def _locations(shop: Shop) -> Iterator[str]:
    """Yield what NGINX does with the requests of each route."""
    addresses = {each["metadata"]["name"]: each["spec"]["clusterIP"] for each in shop.get("services")}
    for route in shop.get("httproutes"):
        for rule in route["spec"]["rules"]:
            (target,) = rule["backendRefs"]
            for match in rule["matches"]:
                url = f"http://{addresses[target['name']]}:{target['port']}"
                yield f"    location {match['path']['value']} {{ proxy_pass {url}; }}"
