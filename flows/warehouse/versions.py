"""Which rows become versions: those that differ from the newest version stored."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa

from flows.warehouse.arrays import hash_values, rows_at, truth_values
from flows.warehouse.columns import Kind
from flows.warehouse.known import Known
from flows.warehouse.likeness import Says, is_alike, said_again
from flows.warehouse.memory import Numbers, has_twins


def news_in(
    kind: Kind, known: Known, rows: pa.Table, keys: Numbers, says: Says | None
) -> tuple[pa.Table, Counter[str]]:
    """Give the rows that are versions of their own, in order, and how many are new, changed and deleted.

    `keys` are 64 bits for the key of each row.
    """
    contents = hash_values(rows["content_hash"])
    firsts, later = _by_key(kind, rows, keys, says)
    narrow = rows.select([*kind.key, "content_hash", *(["submitted_at"] if kind.has_time else [])])
    answer = known.answer(rows_at(narrow, firsts), keys[firsts])
    is_same = answer.is_stored & (answer.newest == contents[firsts])
    if says and (doubtful := np.flatnonzero(answer.is_stored & ~is_same)).size:
        told = rows_at(rows, firsts[doubtful])
        is_same[doubtful] = said_again(known, told, answer.newest[doubtful], says)
    kept = np.sort(np.concatenate((firsts[~is_same], later)))
    known.note(keys[kept], contents[kept])
    news = rows_at(rows, kept)
    return news, _counted(news, np.isin(kept, firsts[~answer.is_stored], assume_unique=True))


def _by_key(kind: Kind, rows: pa.Table, keys: Numbers, says: Says | None) -> tuple[Numbers, Numbers]:
    """Give the places of each key's first row, and of later ones unlike the one before."""
    everything = np.arange(len(keys))
    if not has_twins(keys):  # nearly always
        return everything, everything[:0]
    firsts, later, newest = list[int](), list[int](), dict[object, dict[str, object]]()
    for place, row in enumerate(rows.to_pylist()):
        key = tuple(row[name] for name in kind.key)
        before = newest.get(key)
        if before is None:
            firsts.append(place)
        elif not is_alike(before, row, says):
            later.append(place)
        else:
            continue
        newest[key] = row
    return np.array(firsts, int), np.array(later, int)


def _counted(rows: pa.Table, is_new: Numbers) -> Counter[str]:
    is_deleted = np.zeros(len(rows), bool)
    if "is_deleted" in rows.column_names:
        is_deleted = truth_values(rows["is_deleted"])
    are = {"deleted": is_deleted, "new": is_new & ~is_deleted, "changed": ~is_new & ~is_deleted}
    return Counter({what: number for what, found in are.items() if (number := int(found.sum()))})
