"""Tests of the URL that the driver gets."""

import sqlalchemy as sa

from ..db import dialect

URL = f"{dialect.DRIVER}://user:word@host/shop"


def test_parameters_of_tls_are_in_the_own_url_of_the_driver() -> None:
    """They have the names that other clients of PostgreSQL know, and all others stay."""
    url = sa.make_url(f"{URL}?sslmode=verify-full&sslrootcert=/etc/ca.crt&prepared_statement_cache_size=0")
    assert dict(dialect.driver_url(url).query) == {
        "dsn": "postgresql://?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.crt",
        "prepared_statement_cache_size": "0",
    }


def test_a_url_without_them_stays() -> None:
    """So does the parameter that the driver knows itself."""
    for text in (URL, f"{URL}?ssl=require"):
        assert dialect.driver_url(sa.make_url(text)) == sa.make_url(text)
