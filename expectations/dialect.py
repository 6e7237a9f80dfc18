"""A read-only SQLAlchemy dialect for DuckDB, made for Great Expectations, which knows no DuckDB.

Every cursor is a DuckDB cursor of its own: Great Expectations fetches after it has closed its connection,
and with one shared cursor the result would then silently be empty. What a table looks like is read from
`duckdb_columns()`: DuckDB has no `pg_catalog` that SQLAlchemy's PostgreSQL dialect could read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import exc, pool, text, types
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL
from sqlalchemy.engine.default import DefaultDialect

SCHEMA = "marts"
# What a query may end with; everything else is a fault of ours.
DatabaseError = exc.DBAPIError
_COLUMNS = (
    "select column_name, data_type, is_nullable from duckdb_columns() "
    "where database_name = current_database() and table_name = :name "
    "and schema_name = coalesce(:schema, current_schema()) order by column_index"
)
_TABLES = (
    "select table_name from duckdb_tables() where database_name = current_database() "
    "and schema_name = coalesce(:schema, current_schema())"
)
_VIEWS = (
    "select view_name from duckdb_views() where database_name = current_database() and not internal "
    "and schema_name = coalesce(:schema, current_schema())"
)
_TYPES: dict[str, type[types.TypeEngine[Any]]] = {
    "VARCHAR": types.VARCHAR,
    "BIGINT": types.BIGINT,
    "INTEGER": types.INTEGER,
    "HUGEINT": types.BIGINT,
    "DOUBLE": types.DOUBLE,
    "BOOLEAN": types.BOOLEAN,
    "DATE": types.DATE,
    "TIMESTAMP": types.TIMESTAMP,
}


def address(warehouse: Path) -> str:
    """Give the SQLAlchemy URL that reads a warehouse file with `raw.duckdb` beside it."""
    return URL.create("heardback", database=str(warehouse)).render_as_string()


class _Library:
    """Name what SQLAlchemy asks of a driver."""

    apilevel, threadsafety, paramstyle = "2.0", 1, "numeric_dollar"
    Error = duckdb.Error
    DatabaseError = duckdb.DatabaseError
    OperationalError = duckdb.OperationalError
    ProgrammingError = duckdb.ProgrammingError
    InterfaceError = duckdb.Error
    IntegrityError = duckdb.IntegrityError
    DataError = duckdb.DataError
    InternalError = duckdb.InternalError
    NotSupportedError = duckdb.NotSupportedError


class _Connection:
    """Hand out cursors that each know the schema; nothing is written, so nothing is committed."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        cursor.execute(f"set schema = '{SCHEMA}'")
        return cursor

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def close(self) -> None:
        self._connection.close()


class DuckDBForExpectations(DefaultDialect):
    """Read marts, and nothing else."""

    name, driver = "duckdb", "heardback"
    # Great Expectations looks for this name and then writes LIKE and regexp_matches(), which DuckDB knows.
    DremioDialect = True
    supports_statement_cache = True
    supports_native_boolean = True
    supports_sane_rowcount = False
    default_paramstyle = "numeric_dollar"

    @classmethod
    def import_dbapi(cls) -> Any:
        """Give the driver."""
        return _Library

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        """Keep one connection: the file is opened once."""
        return pool.StaticPool

    def create_connect_args(self, url: URL) -> tuple[Any, Any]:
        """Take the path of the file from the URL."""
        return (), {"database": url.database}

    def connect(self, *, database: str) -> Any:
        """Open the warehouse and `raw` for reading, with the bounds that every opening has."""
        file = Path(database)
        bounds: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": "2GB",
            "threads": "2",
            "temp_directory": str(file.parent / "temp"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        connection = duckdb.connect(database, read_only=True, config=bounds)
        raw = str(file.parent / "raw.duckdb").replace("'", "''")
        connection.execute("set global timezone = 'UTC'")
        connection.execute(f"attach if not exists '{raw}' as raw (read_only)")
        return _Connection(connection)

    def initialize(self, connection: Any) -> None:
        """Know the schema that names without one mean."""
        self.default_schema_name = SCHEMA

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Be there: the file is in this process."""
        return True

    def get_schema_names(self, connection: Any, **more: Any) -> list[str]:
        """Name the one schema that is looked at."""
        return [SCHEMA]

    def get_table_names(self, connection: Any, schema: str | None = None, **more: Any) -> list[str]:
        """Name the tables."""
        return [row[0] for row in connection.execute(text(_TABLES), {"schema": schema})]

    def get_view_names(self, connection: Any, schema: str | None = None, **more: Any) -> list[str]:
        """Name the views."""
        return [row[0] for row in connection.execute(text(_VIEWS), {"schema": schema})]

    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **more: Any) -> Any:
        """Describe columns; raises NoSuchTableError for a table that is not there."""
        found = connection.execute(text(_COLUMNS), {"name": str(table_name), "schema": schema}).fetchall()
        if not found:
            raise exc.NoSuchTableError(str(table_name))
        return [
            {
                "name": name,
                "type": _TYPES.get(said, types.NullType)(),
                "nullable": bool(nullable),
                "default": None,
            }
            for name, said, nullable in found
        ]

    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **more: Any) -> bool:
        """Tell whether a table or view is there."""
        return bool(
            connection.execute(text(_COLUMNS), {"name": str(table_name), "schema": schema}).fetchall()
        )

    def get_pk_constraint(self, connection: Any, table_name: str, schema: Any = None, **more: Any) -> Any:
        """Know of no key: marts are made without constraints."""
        return {"constrained_columns": [], "name": None}

    def get_foreign_keys(self, connection: Any, table_name: str, schema: Any = None, **more: Any) -> Any:
        """Know of none."""
        return []

    def get_indexes(self, connection: Any, table_name: str, schema: Any = None, **more: Any) -> Any:
        """Know of none."""
        return []

    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: Any = None, **more: Any
    ) -> Any:
        """Know of none."""
        return []


registry.register("heardback", __name__, "DuckDBForExpectations")
