"""Sample products and stock for a new shop."""

import sys

import httpx2

from acceptance.identity import discover

from .samples import PRODUCTS, UNITS


def seed(url: str, admin: str) -> int:
    """Create missing sample products; return how many. `admin` is the administrator's `id:secret`."""
    created = 0
    with httpx2.Client(base_url=url, trust_env=False) as http:
        administrator = discover(http).sign_in(admin)
        currency = administrator.get("/v1/wallet").json()["balance"]["currency"]
        for sku, name, description, category, amount in PRODUCTS:
            if http.get(f"/v1/products/{sku}").status_code == 200:
                continue
            # Stock first: a listed product must be available even if seeding stops halfway.
            administrator.put(f"/v1/stock/{sku}", json={"on_hand": UNITS}).raise_for_status()
            body = {"sku": sku, "name": name, "description": description, "category": category}
            price = {"amount": amount, "currency": currency}
            administrator.post("/v1/products", json=body | {"price": price}).raise_for_status()
            created += 1
    return created


if __name__ == "__main__":
    print(f"{seed(*sys.argv[1:])} products created")
