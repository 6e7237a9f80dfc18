"""What `check` needs of the warehouse beside the marts: dbt's test results, and how far an audit looked.

`computed.audits` lives as long as the warehouse: one built from nothing was never audited.
"""

from __future__ import annotations

from pathlib import Path

from flows.warehouse.computed import opened

_AUDITS = "create table if not exists computed.audits (local_date date, load_id bigint)"
_TODAYS = """
select audits.load_id from computed.audits as audits
inner join computed.stamp as stamp on audits.local_date = stamp.local_date
"""
_REMEMBER = """
insert into computed.audits
select stamp.local_date, (select coalesce(max(load_id), -1) from marts.responses) from computed.stamp as stamp
"""


def test_results(home: Path) -> list[tuple[str, str, str, int | None]]:
    """List what dbt's data tests said last: name, sentence, status, failing rows."""
    with opened(home) as connection:
        return connection.execute("select * from computed.test_results order by test_name").fetchall()


def audited_load(home: Path) -> int | None:
    """Give the load up to which everything was audited on the build's day; None where it was not yet."""
    with opened(home) as connection:
        connection.execute(_AUDITS)
        row = connection.execute(_TODAYS).fetchone()
    return row[0] if row else None


def remember_audit(home: Path) -> None:
    """Note that all that the build holds was audited on its day; later audits of the day change nothing."""
    if audited_load(home) is not None:
        return
    with opened(home) as connection:
        connection.execute("begin")
        connection.execute("delete from computed.audits")
        connection.execute(_REMEMBER)
        connection.execute("commit")
