"""The page a programme lead reads: one file without scripts, made of rows of the published marts.

`report`      the page as a whole, and how it is written
`scales`      where a score stands on its axis, and how it is said; `words` says everything else
`plots`       lines over months; everything else is drawn by the templates

`journeys`, `goals`, `route`, `priorities`, `loop` and `trust` are one part of the page each: rows in, what
is shown out.
"""
