"""The currency of stored amounts.

Tables hold minor units without a currency: with another setting, 500 EUR would become 500 USD.
"""

import re
from contextlib import suppress
from typing import Annotated

import sqlalchemy as sa
from pydantic import AfterValidator
from sqlalchemy.exc import IntegrityError

from ..serving.startup import StartupRefused
from .database import Database

_ID = 1


def _checked(code: str) -> str:
    if re.fullmatch("[A-Z]{3}", code) is None:
        raise ValueError("a currency is written like EUR (ISO 4217)")
    return code


Currency = Annotated[str, AfterValidator(_checked)]
"""A setting with the code of a currency."""


class StoredCurrency:
    """The currency of one context's amounts, in a table with one row."""

    def __init__(self, metadata: sa.MetaData) -> None:
        self.table = sa.Table(
            f"{metadata.schema}_currency",
            metadata,
            sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
            sa.Column("code", sa.String(3), nullable=False),
        )
        self._add = sa.insert(self.table)
        self._code = sa.select(self.table.c.code)

    async def check(self, database: Database, configured: str) -> None:
        """Store `configured` if no currency is stored; raise `StartupRefused` if another one is."""
        stored = await self._read(database)
        if stored is None:
            with suppress(IntegrityError):
                # A concurrent process may store it first.
                async with database.transaction() as transaction:
                    await transaction.execute(self._add, {"id": _ID, "code": configured})
            stored = await self._read(database)
        refuse_other_currency(stored, configured)

    async def _read(self, database: Database) -> str | None:
        async with database.reading() as connection:
            code: str | None = await connection.scalar(self._code)
        return code


def refuse_other_currency(stored: str | None, configured: str) -> None:
    """Raise `StartupRefused` unless the amounts in the database are in the configured currency."""
    if stored != configured:
        raise StartupRefused(
            f"CURRENCY is {configured}, but the amounts in the database are in {stored}: "
            f"set CURRENCY={stored}, or use an empty database."
        )
