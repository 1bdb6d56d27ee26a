"""Statements with a condition on a list of values, prepared like those with a fixed number of parameters."""

from collections.abc import Callable, Collection
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa

from .connections import prepared

_Statement = TypeVar("_Statement", bound=sa.Executable)
Condition = sa.ColumnElement[bool]


def with_list(
    column: sa.Column[Any], build: Callable[[Condition], _Statement]
) -> Callable[[Collection[Any]], tuple[_Statement, dict[str, Any]]]:
    """Return a function from values to the statement, and its parameters, for which `column` is one of them.

    `build` gets the condition, once for each length. Lists are padded to a power of two with their last
    value, so that a database prepares few statements.
    """

    @cache
    def built(length: int) -> _Statement:
        names = [sa.bindparam(_name(number), type_=column.type) for number in range(length)]
        return prepared(build(column.in_(names)))

    def of(values: Collection[Any]) -> tuple[_Statement, dict[str, Any]]:
        padded = list(values)
        if padded:
            padded += padded[-1:] * ((1 << (len(padded) - 1).bit_length()) - len(padded))
        return built(len(padded)), {_name(number): value for number, value in enumerate(padded)}

    return of


def _name(number: int) -> str:
    return f"listed_{number}"
