"""Demo: generate a shop, run it, place an order and audit it, without Docker or a database server."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.table import Table

PROJECT = Path("build/demo-shop")
START_TIMEOUT = 180
"""Seconds to wait for the shop to respond; the first start installs its packages."""
console = Console()


@dataclass(frozen=True)
class Shop:
    """HTTP client of the running shop."""

    url: str

    def call(self, method: str, path: str, body: Any = None, token: str = "", key: str = "") -> Any:
        """Send a request and return the JSON of the response; raise HTTPError for an error status."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if key:
            headers["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def is_ready(self) -> bool:
        """Whether the shop accepts requests."""
        try:
            return bool(self.call("GET", "/readyz")["status"] == "ok")
        except (urllib.error.URLError, ConnectionError):
            return False

    def log_in(self, email: str, password: str) -> str:
        """Return an access token."""
        answer = self.call("POST", "/v1/auth/login", {"email": email, "password": password})
        return str(answer["access_token"])


def main() -> None:
    """Run the demo step by step."""
    step("blueprint new: a modular monolith with the default options")
    shutil.rmtree(PROJECT, ignore_errors=True)
    new = [sys.executable, "-m", "blueprint", "new", "demo-shop", "--yes", "--output", str(PROJECT)]
    subprocess.run(new, check=True)
    step("make run: the shop on SQLite, with seed data")
    environment = {**os.environ, "PYTHON": sys.executable, "PORT": str(free_port()), "AUDIT_ENABLED": "true"}
    with running(environment) as shop:
        settings = read_env(PROJECT / ".env")
        place_order(shop, shop.log_in(settings["ADMIN_EMAIL"], settings["ADMIN_PASSWORD"]))
        step("make audit: check the invariants of stock, orders and money")
        environment["SHOP"] = shop.url
        subprocess.run(
            ["make", "--no-print-directory", "-C", str(PROJECT), "audit"], check=True, env=environment
        )
    step("The shop is stopped, and the project is yours")
    console.print(f"  It is in [bold]{PROJECT}[/]. Read its README.md, then run")
    console.print(f"    cd {PROJECT} && make run     [dim]# the shop on http://127.0.0.1:8000[/]")
    console.print(f"    cd {PROJECT} && make test    [dim]# its own tests[/]")


def place_order(shop: Shop, admin: str) -> None:
    """Register a user, place an order, and show what it changed."""
    step("A user registers, gets money from the admin, and orders two of the first product")
    email, password = f"demo-{uuid4().hex[:8]}@example.com", uuid4().hex
    user = shop.call("POST", "/v1/auth/register", {"email": email, "password": password})
    token = shop.log_in(email, password)
    product = shop.call("GET", "/v1/products?limit=1")["items"][0]
    money = {"amount": 10 * product["price"]["amount"], "currency": product["price"]["currency"]}
    top_up = {"user_id": user["id"], "amount": money}
    shop.call("POST", "/v1/wallet/top-ups", top_up, admin, key=uuid4().hex)

    def balances() -> tuple[str, str]:
        stock = shop.call("GET", f"/v1/stock/{product['sku']}", token=admin)["on_hand"]
        return str(stock), amount(shop.call("GET", "/v1/wallet", token=token)["balance"])

    before = balances()
    items = [{"sku": product["sku"], "quantity": 2}]
    order = shop.call("POST", "/v1/orders", {"items": items}, token, key=uuid4().hex)
    order = shop.call("GET", f"/v1/orders/{order['id']}?wait=5", token=token)
    after = balances()
    payments = shop.call("GET", f"/v1/payments?order_id={order['id']}", token=token)["items"]

    table = Table(
        title=f"Order {order['id']} is {order['state']}: 2 x {product['name']}", title_justify="left"
    )
    for heading in ("", "before", "after"):
        table.add_column(heading)
    table.add_row("stock on hand", before[0], after[0])
    table.add_row("wallet", before[1], after[1])
    table.add_row("ledger", "", ", ".join(f"{entry['kind']} {amount(entry['amount'])}" for entry in payments))
    console.print(table)
    if order["state"] != "CONFIRMED" or before == after:
        sys.exit("The order did not go through.")


@contextmanager
def running(environment: dict[str, str]) -> Iterator[Shop]:
    """Run `make run` in a separate process group while the block runs."""
    shop = Shop(f"http://127.0.0.1:{environment['PORT']}")
    log = PROJECT.parent / "demo-shop.log"
    with log.open("wb") as output:
        command = ["make", "--no-print-directory", "-C", str(PROJECT), "run"]
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        with console.status("installing the packages of the shop, and starting it"):
            deadline = time.monotonic() + START_TIMEOUT
            while not shop.is_ready():
                if process.poll() is not None or time.monotonic() > deadline:
                    end = log.read_text(errors="replace")[-2000:]
                    sys.exit(f"The shop did not start; its log is {log}:\n{end}")
                time.sleep(0.2)
        console.print(f"  The shop runs at {shop.url}")
        yield shop
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def read_env(path: Path) -> dict[str, str]:
    """Return the variables of a `.env` file."""
    lines = (line.partition("=") for line in path.read_text().splitlines() if "=" in line and line[0] != "#")
    return {name.strip(): value.strip() for name, _, value in lines}


def free_port() -> int:
    """Return a free port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def amount(money: dict[str, Any]) -> str:
    """Format an amount of money, given in minor units."""
    return f"{money['amount'] / 100:.2f} {money['currency']}"


def step(title: str) -> None:
    """Print the heading of the next step."""
    console.print(f"\n[bold cyan]▸[/] [bold]{title}[/]")


if __name__ == "__main__":
    main()
