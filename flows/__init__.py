"""The road, as verbs. Each is a Prefect flow, a command and one file.

verb       reads                          writes
listen     mailbox (answers), ledger      ledger (what they say), raw (copy of the events)
collect    survey tools, files            raw (answers, customers, cursors, rejects)
transform  raw, programme tables          warehouse (dbt's marts)
check      marts                          findings; a critical one ends the road here
publish    marts                          the files analysts read, in one step; the report
assign     marts (follow-ups due)         ledger (assignments, letters waiting)
notify     ledger (letters waiting)       mailboxes, ledger
remind     ledger (open follow-ups)       ledger (events, letters), mailboxes
digest     marts (each team's week)       ledger (letters), mailboxes, channels
run        all of these, once
"""
