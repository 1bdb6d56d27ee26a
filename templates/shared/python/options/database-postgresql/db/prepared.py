"""Prepared statements: what asyncpg needs to run a statement that SQLAlchemy has compiled once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.compiler import SQLCompiler

from .connections import PREPARED, Parameters, Result

_Convert = Callable[[Any], Any] | None
# Types whose values asyncpg returns as they are, or whose conversion needs only the value.
_RESULT_TYPES = (sa.Boolean, sa.DateTime, sa.Integer, sa.LargeBinary, sa.String, sa.Uuid)


@dataclass(frozen=True, slots=True)
class _Argument:
    """A parameter: its name, its value if none is given, and the conversion for the driver."""

    name: str
    default: Any
    convert: _Convert


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a SELECT: their keys, and conversions from the driver, if there are any."""

    keys: SimpleResultMetaData
    converts: list[_Convert] | None


class _Rows(IteratorResult[Any]):
    """The result of a SELECT."""

    def __init__(self, keys: SimpleResultMetaData, rows: Sequence[Any]) -> None:
        super().__init__(keys, iter(rows))
        self.rowcount = len(rows)


@dataclass(frozen=True, slots=True)
class _Affected:
    """The result of a statement without rows: how many rows it affected."""

    rowcount: int


@dataclass(frozen=True, slots=True)
class PreparedStatement:
    """The SQL of a statement, its arguments in their order, and its columns if it returns rows."""

    text: str
    arguments: list[_Argument]
    columns: _Columns | None

    async def run(self, driver: Any, parameters: Parameters | None) -> Result:
        """Run the statement on an asyncpg connection, once or once for each set of parameters."""
        if isinstance(parameters, Sequence) and len(parameters) == 1:
            parameters = parameters[0]
        if isinstance(parameters, Sequence):
            await driver.executemany(self.text, [self._values(each) for each in parameters])
            return cast(Result, _Affected(len(parameters)))
        values = self._values(parameters or {})
        if self.columns is not None:
            return _rows(self.columns, await driver.fetch(self.text, *values))
        status: str = await driver.execute(self.text, *values)
        return cast(Result, _Affected(int(status.rpartition(" ")[2])))

    def _values(self, parameters: Mapping[str, Any]) -> list[Any]:
        return [
            value if value is None or each.convert is None else each.convert(value)
            for each in self.arguments
            for value in (parameters.get(each.name, each.default),)
        ]


def find(
    statement: sa.Executable, parameters: Parameters | None, dialect: sa.Dialect
) -> PreparedStatement | None:
    """Return how asyncpg runs the statement; None if it is not marked, or if only SQLAlchemy can run it."""
    if not statement.get_execution_options().get(PREPARED):
        return None
    first = parameters if parameters is None or isinstance(parameters, Mapping) else parameters[0]
    return _prepared(statement, tuple(first or ()), dialect)


@lru_cache(maxsize=500)
def _prepared(
    statement: sa.Executable, names: tuple[str, ...], dialect: sa.Dialect
) -> PreparedStatement | None:
    if not isinstance(statement, sa.Select | sa.Insert | sa.Update | sa.Delete):
        return None
    compiled = statement.compile(dialect=dialect, column_keys=list(names) or None)
    assert isinstance(compiled, SQLCompiler)
    # Defaults computed in Python, IN with any number of values, and RETURNING need SQLAlchemy.
    if compiled.prefetch or compiled.post_compile_params or compiled.effective_returning:
        return None
    columns = _columns(statement, dialect) if isinstance(statement, sa.Select) else None
    if isinstance(statement, sa.Select) and columns is None:
        return None
    defaults = compiled.params
    arguments = []
    for name in compiled.positiontup or ():
        bind = compiled.binds[name]
        if bind.required and name not in names:
            return None
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        arguments.append(_Argument(name, defaults.get(name), convert))
    return PreparedStatement(str(compiled), arguments, columns)


def _columns(statement: sa.Select[Any], dialect: sa.Dialect) -> _Columns | None:
    columns = list(statement.selected_columns)
    keys = [column.key for column in columns if isinstance(column, sa.Column | sa.Label)]
    if len(set(keys)) < len(columns) or not all(_is_simple(column.type) for column in columns):
        return None
    converts: list[_Convert] = [
        column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
    ]
    return _Columns(SimpleResultMetaData(keys), converts if any(converts) else None)


def _is_simple(of_column: sa.types.TypeEngine[Any]) -> bool:
    decorated = of_column.impl if isinstance(of_column, sa.TypeDecorator) else of_column
    return isinstance(decorated, _RESULT_TYPES)


def _rows(columns: _Columns, records: Sequence[Any]) -> Result:
    rows: Sequence[Any] = records
    if columns.converts is not None:
        rows = [tuple(map(_converted, record, columns.converts)) for record in records]
    return _Rows(columns.keys, rows)


def _converted(value: Any, convert: _Convert) -> Any:
    return value if convert is None else convert(value)
