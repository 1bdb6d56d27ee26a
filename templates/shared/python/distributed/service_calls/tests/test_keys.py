"""Service keys of an architecture."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from ....auth.security import Unauthenticated
from ..keys import environments, main, new_seed, private_key
from ..tokens import CallerVerifier, ServiceTokens

PACKAGE = __package__.rpartition(".")[0]
SOURCES = Path(__file__).parents[4]
EDGES = [("orders", "catalog"), ("orders", "cart"), ("cart", "catalog")]


def test_the_keys_permit_exactly_the_calls_of_the_architecture() -> None:
    variables = environments(EDGES)
    callers = {name: CallerVerifier(name, each.get("CALLERS", "")) for name, each in variables.items()}
    keys = {name: each["SERVICE_KEY"] for name, each in variables.items() if "SERVICE_KEY" in each}
    tokens = {name: ServiceTokens(name, key) for name, key in keys.items()}
    possible = []
    for caller in tokens:
        for callee in callers:
            with suppress(Unauthenticated):
                possible.append((callers[callee].verify(tokens[caller].token(callee)), callee))
    assert sorted(possible) == sorted(EDGES)


def test_an_existing_seed_is_kept() -> None:
    seed = new_seed()
    variables = environments(EDGES, {"orders": seed})
    assert variables["orders"] == {"SERVICE_KEY": seed}
    assert variables["cart"]["SERVICE_KEY"] != seed


def test_secrets_appear_only_in_their_owners_variables() -> None:
    variables = environments(EDGES)
    assert "SERVICE_KEY" not in variables["catalog"]
    for caller in ("orders", "cart"):
        key = variables[caller]["SERVICE_KEY"]
        assert all(key not in variables[other].get("CALLERS", "") for other in ("cart", "catalog")), caller


@pytest.mark.parametrize("seed", ["", "abc", "!" * 43, new_seed() + "AAAA"])
def test_a_malformed_seed_is_refused(seed: str) -> None:
    with pytest.raises(ValueError, match="32 bytes in base64url"):
        private_key(seed)


def test_the_command_prints_environments() -> None:
    command = [sys.executable, "-m", f"{PACKAGE}.keys", "orders:catalog", "cart:catalog"]
    environment = {"PYTHONPATH": str(SOURCES)}
    printed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    values = [line.partition("=") for line in printed.split() if "=" in line]
    assert [name for name, _, _ in values] == ["SERVICE_KEY", "CALLERS", "SERVICE_KEY"]
    (_, _, seed), (_, _, listed), _ = values
    cart = ServiceTokens("cart", seed)
    assert CallerVerifier("catalog", listed).verify(cart.token("catalog")) == "cart"


@pytest.mark.parametrize("arguments", [[], ["orders"], ["orders:"], [":catalog"]])
def test_the_command_prints_its_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "usage" in capsys.readouterr().err
