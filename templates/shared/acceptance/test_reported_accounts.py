"""Bug reports of other shops, replayed: accounts (auth=jwt)."""

from __future__ import annotations

from .client import ShopClient
from .conventions import assert_problem
from .identity import Accounts
from .seeder import Seeder

PASSWORD = "long enough"


def register(shop: ShopClient, email: str) -> str:
    """Register an account and return its ID."""
    response = shop.post("/v1/auth/register", json={"email": email, "password": PASSWORD})
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def test_email_is_taken_in_any_case(shop: ShopClient, accounts: Accounts, seeder: Seeder) -> None:
    """An email address cannot be registered again in another case.

    Case of email addresses: each spelling made a new account of the same customer
    (medusajs/medusa#14745, vendurehq/vendure#1515).
    """
    name = seeder.name()
    register(shop, f"{name}@Example.com")
    for email in (f"{name.lower()}@example.com", f"{name.upper()}@EXAMPLE.COM"):
        again = shop.post("/v1/auth/register", json={"email": email, "password": PASSWORD})
        assert_problem(again, 409, "email-taken")


def test_login_ignores_the_case_of_the_email(shop: ShopClient, accounts: Accounts, seeder: Seeder) -> None:
    """A customer logs in with the email address in any case, to the same account.

    Case of email addresses: a customer whose address was stored in another case was told that somebody
    else used it (awesomemotive/easy-digital-downloads#5030).
    """
    name = f"User-{seeder.name()}"
    registered = register(shop, f"{name}@example.com")
    for email in (f"{name.lower()}@example.com", f"{name.upper()}@EXAMPLE.COM"):
        user = accounts.sign_in(f"{email}:{PASSWORD}")
        assert user.id == registered
