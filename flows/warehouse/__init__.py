"""The only door to DuckDB.

`connections`   how every file is opened, and the lock error in words
`raw`           what customers told us: its schema
`landing`       pages become versions, rejects and cursors: `columns` and `arrays` lay records out, `versions`
                with `known` and `memory` tell what is news, `rejects` and `cursors` keep theirs
`programme_history`, `ledger_copy`  what else is kept in `raw`
`computed`      what Python works out for dbt: settings, openings, the stamp of a build
`marts`         reading the marts of the warehouse; `reporting`, what the report shows of the published ones
`publication`   the files analysts open, replaced in one step: `contents` says what is in them, `own_marts`
                what comes from the ledger; `mirroring` writes what changed, `parquet` the other form of it
"""
