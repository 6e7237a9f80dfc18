"""How the ledger is opened: SQLite or PostgreSQL by URL, tables brought up to date, one writer at a time."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from flows.records import ConfigurationError, HeardbackError

MIGRATIONS = Path(__file__).parent / "migrations"

# Any number will do; two processes that make the tables at once must merely agree on it.
_MIGRATION_LOCK = 7_483_920_117


class Ledger:
    """Hold an open ledger; every transaction is either a reading or a writing one."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine; both kinds of transaction share its connections."""
        self.engine = engine
        self._writer = engine.execution_options(writes=True)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin a transaction that may write: committed at the end, undone by an exception.

        Writers come one after another, so event numbers grow in the order of commits and a reader that asks
        for "events after n" never misses one. Raises HeardbackError when the database refuses.
        """
        with in_words(self.engine.url), self._writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("lock table events in share row exclusive mode"))
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a transaction that only reads; raises HeardbackError when the database refuses."""
        with in_words(self.engine.url), self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def __enter__(self) -> Ledger:
        """Serve a `with` block."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close at the end of the block."""
        self.close()


def open_ledger(url: str) -> Ledger:
    """Open the ledger at an SQLAlchemy URL and bring its tables up to date.

    Takes `sqlite:///path` and `postgresql://...` (psycopg 3); one small query when nothing is to be done.
    Raises ConfigurationError for a wrong URL or a ledger of a newer version, HeardbackError when it is
    unreachable.
    """
    address = checked_address(url)
    if address.get_backend_name() == "sqlite":
        _make_room(Path(str(address.database)).parent)
    ledger = Ledger(_engine(address))
    try:
        with in_words(address):
            _bring_up_to_date(ledger, address)
    except BaseException:
        ledger.close()
        raise
    return ledger


def revisions() -> list[str]:
    """List the revisions this version knows, oldest first (four digits begin each migration's name)."""
    return sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def checked_address(url: str) -> URL:
    """Read a ledger's URL; raises ConfigurationError for a database that no ledger can live in."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise ConfigurationError(
            "HEARDBACK_LEDGER_URL is no database URL; write sqlite:///path/to/ledger.sqlite or "
            "postgresql://user:password@host/database."
        ) from None
    if address.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return address.set(drivername="postgresql+psycopg")
    if address.drivername in ("sqlite", "sqlite+pysqlite"):
        if not address.database or address.database == ":memory:":
            raise ConfigurationError("HEARDBACK_LEDGER_URL names no file: a ledger in memory is forgotten.")
        return address
    raise ConfigurationError(
        f"HEARDBACK_LEDGER_URL asks for '{address.drivername}'; the ledger lives in SQLite or PostgreSQL."
    )


def _make_room(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HeardbackError(f"The ledger's folder {folder} cannot be made: {error.strerror}.") from None


def _engine(address: URL) -> Engine:
    options: dict[str, Any] = {"json_serializer": _as_json}
    if address.get_backend_name() == "postgresql":
        return create_engine(address, pool_pre_ping=True, **options)
    engine = create_engine(address, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _as_json(value: Any) -> str:
    return json.dumps(value, default=_as_text)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    cursor = connection.cursor()
    cursor.execute("pragma busy_timeout = 30000")
    cursor.execute("pragma journal_mode = wal")
    cursor.execute("pragma synchronous = full")  # a promise survives a power cut
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later would fail when another wrote in between.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def _bring_up_to_date(ledger: Ledger, address: URL) -> None:
    with ledger.engine.begin() as connection:
        present = present_revision(connection)
    newest = newest_known(present, address)
    if present == newest:
        return
    with ledger.engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})
        if present_revision(connection) != newest:  # another process may have been quicker
            _migrate(connection)


def newest_known(present: str | None, address: URL) -> str:
    """Give the newest revision this version knows; raises ConfigurationError for a ledger of a newer one."""
    known = revisions()
    if present is not None and present not in known:
        raise ConfigurationError(
            f"The ledger ({address.render_as_string(hide_password=True)}) was written by a newer version of "
            f"Heardback (revision {present}, this one knows {known[-1]}). Install that version again, or "
            "name another ledger."
        )
    return known[-1]


def present_revision(connection: Connection) -> str | None:
    """Tell the revision of a ledger's tables; None where there are none yet."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextlib.contextmanager
def in_words(address: URL) -> Iterator[None]:
    """Turn the database's own errors into one sentence without password or values; raises HeardbackError."""
    try:
        yield
    except DBAPIError as error:
        place = address.render_as_string(hide_password=True)
        said = str(error.orig).strip().splitlines()[0][:300] if str(error.orig).strip() else "no reason given"
        raise HeardbackError(f"The ledger ({place}) cannot be used: {said}.") from error
