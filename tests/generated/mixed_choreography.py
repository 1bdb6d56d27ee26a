"""Orders of a shop in which some services run in Java, and everything else in Python.

python mixed_choreography.py SETTINGS, in the folder of an event-driven shop in Python, with JAVA_SERVICES as
java_services.py describes it. SETTINGS is JSON: the folder of the logs, and the address of the database.
Prints how the orders ended, and the report of the audit.
"""

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

AUDIT_SECONDS = 60
UNITS, PRICE, BALANCE = 10, 100, 1000


def main() -> None:
    """Run the shop, place the orders, and print how they ended."""
    settings = json.loads(sys.argv[1])
    mixed = import_module("java_services").Mixed
    shop = mixed(Path(settings["folder"]), os.environ, database_url=lambda _: settings["database"])
    with shop.running():
        print(json.dumps(place_orders(shop.url)))


def place_orders(url: str) -> dict[str, Any]:
    """Place an order of each kind; return their last states, and the report of the audit."""
    client, identity = import_module("acceptance.client"), import_module("acceptance.identity")
    audit, seeder = import_module("acceptance.audit"), import_module("acceptance.seeder")
    with client.connect(url) as http:
        accounts = identity.discover(http)
        admin = accounts.sign_in("{ADMIN_EMAIL}:{ADMIN_PASSWORD}".format(**os.environ))
        seed = seeder.Seeder(admin, accounts)
        rich, poor = seed.customer(BALANCE), seed.customer()
        sku = seed.product(PRICE, UNITS)
        rich.put(f"/v1/cart/items/{sku}", json={"quantity": 2}).raise_for_status()
        ended = {
            "paid": rich.order(None),
            "too many": rich.order({sku: UNITS + 1}),
            "too expensive": poor.order({sku: 1}),
        }
        cancelled = rich.order({sku: 1})["id"]
        rich.cancel(cancelled).raise_for_status()
        ended["cancelled"] = rich.wait_for_end(cancelled, leaving="CONFIRMED")
        report = audit.wait_until_at_rest(admin, AUDIT_SECONDS)
        cart = wait_for_empty_cart(rich)
    states = {name: [order["state"], order["reason"]] for name, order in ended.items()}
    return {"orders": states, "cart": cart, "audit": report}


def wait_for_empty_cart(user: Any) -> list[Any]:
    """Return the items of the user's cart, from which ordered ones disappear a moment later."""
    deadline = time.monotonic() + AUDIT_SECONDS
    while True:
        items: list[Any] = user.get("/v1/cart").raise_for_status().json()["items"]
        if not items or time.monotonic() > deadline:
            return items
        time.sleep(0.1)


if __name__ == "__main__":
    main()
