"""Statements of SQL, as traces and databases record them."""

import re

_WRITE = re.compile(r"\s*(?:insert|update|delete|replace|merge|upsert|copy)\b", re.IGNORECASE)
_TABLE = re.compile(r"\b(?:from|into|update|join)\s+(?:only\s+)?([\w.`\"]++)(?!\s*\()", re.IGNORECASE)


def is_write(statement: str) -> bool:
    """Return whether a statement, or the name of an operation, changes data."""
    return _WRITE.match(statement) is not None


def tables_in(statement: str) -> list[str]:
    """Return the tables that a statement names, without quotation marks."""
    return [name.replace('"', "").replace("`", "") for name in _TABLE.findall(statement)]
