"""The same Typeform landed by dlt into DuckDB: `python dlt_peer.py default|best URL FOLDER`.

`default` is what its tutorials show: yield the items, merge by key.

`best` is the quickest found that ends with what Heardback ends with: the payload whole, a version only where
the normalised response changed, duplicates resolved, what a later load does not tell of left alone. That is
`scd2` with the row version made by us and a merge key, on Arrow tables without nesting, through Parquet, the
pages split without decoding twice. Refused: `append`, a quarter quicker, as a second load stores everything
twice; `merge` by key, as quick as `scd2`, as it forgets what an answer was before it was edited.

`python dlt_peer.py verify ROWS IDS FOLDER` fails unless there are as many rows of as many ids.
"""

import hashlib
import os
import sys
import warnings
from pathlib import Path

import dlt
import duckdb
import msgspec
import pyarrow
from dlt.sources.helpers import requests

FORM, TOKEN = "Web3Pn8R", "tfp_bench"
NORMALISED = msgspec.json.Encoder(order="sorted")


def pages(url: str, wanted):
    """Walk newest first with `before`, 1,000 a page."""
    session = requests.Client().session
    session.headers["Authorization"] = f"Bearer {TOKEN}"
    query = {"page_size": 1000, "response_type": "completed"}
    while True:
        answer = session.get(f"{url}/forms/{FORM}/responses", params=query, timeout=60)
        answer.raise_for_status()
        items, last = wanted(answer)
        if items:
            yield items
        if len(items) < 1000:
            return
        query = {"page_size": 1000, "response_type": "completed", "before": last}


def decoded(answer):
    """Decode a page as everybody does."""
    items = answer.json()["items"]
    return items, items[-1]["token"] if items else ""


@dlt.resource(name="responses", write_disposition="merge", primary_key="token")
def plain(url):
    """Yield what the API gives."""
    yield from pages(url, decoded)


class Page(msgspec.Struct):
    """Hold the items of a page as they came."""

    items: list[msgspec.Raw]


def content_hash(item):
    """Hash a response whatever the order of its keys and answers."""
    lines = sorted(NORMALISED.encode_lines(item["answers"]).splitlines())
    item["answers"] = msgspec.Raw(b"[" + b",".join(lines) + b"]")
    return hashlib.sha256(NORMALISED.encode(item)).hexdigest()[:32]


def split_pages(url):
    """Yield Arrow tables of id, time, hash and the item as it came."""
    page, item = msgspec.json.Decoder(Page), msgspec.json.Decoder()

    def split(answer):
        raw = [bytes(one) for one in page.decode(answer.content).items]
        items = [(one, item.decode(one)) for one in raw]
        return items, items[-1][1]["token"] if items else ""

    for items in pages(url, split):
        payloads = pyarrow.array([raw for raw, _ in items], pyarrow.binary())
        yield pyarrow.table(
            {
                "token": [one["token"] for _, one in items],
                "submitted_at": [one["submitted_at"] for _, one in items],
                "content_hash": [content_hash(one) for _, one in items],
                "payload": payloads.view(pyarrow.string()),
            }
        )


def main(mode: str, url: str, folder: Path) -> None:
    """Run one pipeline, into a fresh database where there is none."""
    warnings.simplefilter("ignore")
    os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"  # it warns of every page that Arrow says less than it knows
    pipeline = dlt.pipeline(
        pipeline_name="bench",
        pipelines_dir=str(folder / "pipelines"),
        destination=dlt.destinations.duckdb(str(folder / "dlt.duckdb")),
        dataset_name="raw",
    )
    if mode == "default":
        pipeline.run(plain(url))
        return
    versions = {"disposition": "merge", "strategy": "scd2", "row_version_column_name": "content_hash"}
    quick = dlt.resource(
        split_pages, name="responses", write_disposition=versions, merge_key="token", max_table_nesting=0
    )
    pipeline.run(quick(url), loader_file_format="parquet")


def verify(rows: int, ids: int, folder: Path) -> None:
    """End with status 1 unless the database holds so many rows of so many responses."""
    with duckdb.connect(str(folder / "dlt.duckdb"), read_only=True) as connection:
        found = connection.execute("select count(*), count(distinct token) from raw.responses").fetchone()
    if found != (rows, ids):
        sys.exit(f"{folder}: {found} rows and ids, not {(rows, ids)}")


if __name__ == "__main__":
    if sys.argv[1] == "verify":
        verify(int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
    else:
        main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
