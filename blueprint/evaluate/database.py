"""Size, growth and statements of a PostgreSQL database, read with psql and never written."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from .errors import EvidenceError
from .evidence import Evidence, Fact, Finding, Measurement
from .statements import is_write, tables_in

TIMEOUT_S = 60
MONTH_S = 365.25 / 12 * 86_400
SHORTEST_S = 86_400
"""Age of the statistics from which on they show a growth."""
SHOWN = 5

# Rows that were inserted and not deleted since the statistics began, by the size of a row today.
_TABLES = """
select coalesce(json_agg(t), '[]') from (
  select s.schemaname || '.' || s.relname as name, pg_total_relation_size(s.relid) as bytes,
         case when s.n_live_tup > 0 then pg_total_relation_size(s.relid) / s.n_live_tup::float
              * (s.n_tup_ins - s.n_tup_del) else 0 end as grown
  from pg_stat_user_tables s order by 2 desc) t"""
_DATABASE = """
select json_build_object('bytes', pg_database_size(current_database()),
  'seconds', extract(epoch from now() - coalesce(d.stats_reset, pg_postmaster_start_time())),
  'statements', exists (select from pg_extension where extname = 'pg_stat_statements'))
from pg_stat_database d where d.datname = current_database()"""
_STATEMENTS = """
select coalesce(json_agg(t), '[]') from (
  select r.rolname as role, s.calls, s.mean_exec_time as ms, left(s.query, 200) as query
  from pg_stat_statements s join pg_roles r on r.oid = s.userid
  where s.dbid = (select oid from pg_database where datname = current_database())) t"""
_SETTINGS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "host": "PGHOST", "port": "PGPORT"}


def read_database(url: str) -> Evidence:
    """Read the statistics of the database at `url`, and return what they show. Raises EvidenceError."""
    variables = _variables(url)
    database = _ask(variables, _DATABASE)
    tables = _ask(variables, _TABLES)
    statements = _ask(variables, _STATEMENTS) if database["statements"] else []
    notes = [] if database["statements"] else ["the database has no extension pg_stat_statements"]
    size = database["bytes"] / 1e9
    largest = ", ".join(f"{row['name']} {row['bytes'] / 1e9:.3g} GB" for row in tables[:SHOWN])
    measured = [
        Measurement("data_gb", size, size, size, f"pg_database_size; the largest tables: {largest or 'none'}")
    ]
    return Evidence(
        (*measured, *_growth(database, tables)),
        tuple(_facts(statements)),
        (*_shared(statements),),
        tuple(notes),
    )


def _variables(url: str) -> Mapping[str, str]:
    """Return the parts of an address as variables of psql: arguments of a process are visible to others."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if not parts.scheme.startswith("postgres"):
        hint = "For example: --database postgresql://reader@127.0.0.1:5432/shop."
        raise EvidenceError("--database: expected the URL of a PostgreSQL database", hint=hint)
    given = {
        "PGHOST": parts.hostname,
        "PGPORT": str(port) if port else None,
        "PGUSER": unquote(parts.username) if parts.username else None,
        "PGPASSWORD": unquote(parts.password) if parts.password else None,
        "PGDATABASE": unquote(parts.path.lstrip("/")) or None,
        **{_SETTINGS[name]: value for name, value in parse_qsl(parts.query) if name in _SETTINGS},
    }
    fixed = {
        "PGOPTIONS": "-c default_transaction_read_only=on",
        "PGCONNECT_TIMEOUT": "10",
        "PGAPPNAME": "blueprint",
    }
    return {**{name: value for name, value in given.items() if value}, **fixed}


def _ask(variables: Mapping[str, str], query: str) -> Any:
    """Return the JSON value that a query answers. Raises EvidenceError."""
    psql = shutil.which("psql")
    if psql is None:
        raise EvidenceError("--database: psql is not installed", hint="Install PostgreSQL's client programs.")
    command = [psql, "--no-psqlrc", "--no-password", "--tuples-only", "--no-align", "--command", query]
    try:
        done = subprocess.run(
            command, env={**os.environ, **variables}, capture_output=True, check=False, timeout=TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        hint = "Try again when the database is less busy."
        raise EvidenceError(f"--database: no answer within {TIMEOUT_S} s", hint=hint) from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").split("\n")
        hint = "Check the URL. The role needs pg_read_all_stats."
        raise EvidenceError(f"--database: {lines[0]}", hint=hint)
    return msgspec.json.decode(done.stdout)


def _growth(database: Mapping[str, Any], tables: list[Mapping[str, Any]]) -> list[Measurement]:
    if database["seconds"] < SHORTEST_S:
        return []
    days = database["seconds"] / 86_400
    grown = max(0.0, sum(row["grown"] for row in tables)) / 1e9 * MONTH_S / database["seconds"]
    evidence = f"rows inserted and not deleted in {days:.0f} days of statistics, by the size of a row today"
    # The size of a row today includes what earlier deletions left empty.
    return [Measurement("growth_gb_month", grown, grown / 2, grown, evidence)]


def _facts(statements: list[Mapping[str, Any]]) -> list[Fact]:
    calls = sum(row["calls"] for row in statements)
    if not calls:
        return []
    writes = sum(row["calls"] for row in statements if is_write(row["query"]))
    slowest = max(statements, key=lambda row: row["calls"] * row["ms"])
    text = " ".join(slowest["query"].split())[:80]
    return [
        Fact("statements that write", f"{writes / calls:.1%} of {calls:,} calls", "pg_stat_statements"),
        Fact("statement with the most time", f"{text} ({slowest['ms']:.3g} ms each)", "pg_stat_statements"),
    ]


def _shared(statements: list[Mapping[str, Any]]) -> list[Finding]:
    """Return the tables that several roles use; services with one role cannot be told apart."""
    roles: dict[str, set[str]] = {}
    for row in statements:
        for table in tables_in(row["query"]):
            if not table.startswith(("pg_", "information_schema")):
                roles.setdefault(table, set()).add(row["role"])
    return [
        Finding(
            "shared table",
            f"{table} is used by {len(names)} roles.",
            ", ".join(sorted(names)),
            "Give it one owner, and let the others call it or consume its events.",
        )
        for table, names in sorted(roles.items())
        if len(names) > 1
    ]
