"""Asks a Prometheus server for the known metrics of the last week."""

import json
import time
from collections.abc import Iterable, Iterator
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from ..errors import EvidenceError
from .series import Series, series_of_results

PERIOD_S = 7 * 86_400
STEP_S = 3_600
TIMEOUT_S = 30
HINT = "Give the address of a Prometheus server, such as http://127.0.0.1:9090."


def series_from_server(url: str, names: Iterable[str]) -> Iterator[Series]:
    """Yield the series of some metrics, with a point for each hour. Raises EvidenceError."""
    end = int(time.time())
    for name in names:
        parameters = {"query": name, "start": end - PERIOD_S, "end": end, "step": STEP_S}
        yield from _ask(f"{url.rstrip('/')}/api/v1/query_range?{urlencode(parameters)}", url)


def _ask(address: str, url: str) -> list[Series]:
    try:
        # The user named the server, and the scheme is checked where the argument is read.
        with urlopen(address, timeout=TIMEOUT_S) as answer:  # noqa: S310
            return series_of_results(json.load(answer)["data"]["result"])
    except (URLError, OSError) as error:
        reason = getattr(error, "reason", error)
        raise EvidenceError(f"--prometheus {url}: {reason}", hint=HINT) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvidenceError(f"--prometheus {url}: the answer is not that of Prometheus", hint=HINT) from error
