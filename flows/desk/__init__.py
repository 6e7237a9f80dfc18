"""The desk: pages on which an owner says what came of a follow-up. It opens the ledger and nothing else.

`app`        addresses, and which page answers them
`guard`      what every request must hold to, and the headers of every answer
`office`     what the desk is handed: ledger, links, sender, clock
`entry`      which link opens what, and why one does not
`forms`      what was filled in, and the token that lets it count once
`actions`    what a press does: events, and the letters that go with them
`pages`, `lists`, `told`   what is shown
`customers`  the customer's own answers: is it solved, no more letters
`hooks`      what survey tools deliver: kept for `collect` where its signature holds
`quick_fixes`  what a team mends by itself, taken from its digest
`choices`    what can be chosen: owners, root causes, initiatives
`deadlines`  a deadline moved by the time spent waiting for the customer
`numbers`    counts for monitoring

No page needs JavaScript, and none is sent any. No GET writes.
"""

# What customers tell colleagues arrives as this source and survey. The steps ask for these names, so no page
# and no library behind one is imported here.
SOURCE, SURVEY = "desk", "told"
