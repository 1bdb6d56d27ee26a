"""Something to see in a new shop: products and stock, made by its administrator."""

import httpx2

from acceptance.identity import discover

from .samples import PRODUCTS, UNITS


def seed(url: str, admin: str) -> int:
    """Make what is not there yet and leave what is; `admin` is `id:secret`. Return how many were made."""
    made = 0
    with httpx2.Client(base_url=url, trust_env=False) as http:
        administrator = discover(http).sign_in(admin)
        currency = administrator.get("/v1/wallet").json()["balance"]["currency"]
        for sku, name, description, category, amount in PRODUCTS:
            if http.get(f"/v1/products/{sku}").status_code == 200:
                continue
            # Stock comes first: what is listed can be bought, also if the seeding ends halfway.
            administrator.put(f"/v1/stock/{sku}", json={"on_hand": UNITS}).raise_for_status()
            body = {"sku": sku, "name": name, "description": description, "category": category}
            price = {"amount": amount, "currency": currency}
            administrator.post("/v1/products", json=body | {"price": price}).raise_for_status()
            made += 1
    return made
