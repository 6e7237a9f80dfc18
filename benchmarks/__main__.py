"""Run the benchmarks one after another: `python -m benchmarks [NAME ...]`, a table and build/bench.json."""

from __future__ import annotations

import importlib
import json
import sys

from rich.console import Console
from rich.table import Table

from benchmarks.harness import BUILD, DidNotEnd

MODULES = (
    *("letters", "idle", "collect", "collect_1m", "collect_grown"),
    *("transform", "themes", "transform_10m"),
)
# What is promised: at least, or at most.
TARGETS = {
    "collect_100k_vs_dlt_default": (">=", 20.0),
    "collect_100k_vs_dlt_best": (">=", 5.0),
    "collect_100k_peak_mb": ("", 0.0),
    "collect_1m_vs_dlt_best": (">=", 5.0),
    "collect_1m_peak_mb": ("<=", 500.0),
    "collect_peak_1m_vs_100k": ("<=", 1.2),
    "collect_new_5m_vs_50k": ("<=", 1.5),
    "raw_bytes_vs_gzip": ("<=", 1.5),
    "transform_1m_increment_vs_full": ("<=", 0.1),
    "themes_vs_python_re": (">=", 10.0),
    "transform_10m_vs_sql": ("<=", 2.0),
    "transform_10m_peak_gb": ("<=", 6.0),
    "transform_new_10m_vs_full": ("<=", 0.1),
    "idle_run_vs_imports": ("<=", 2.0),
    "letters_vs_smtplib": (">=", 0.3),
    "letters_10k_vs_smtplib": (">=", 0.8),
}


def main(names: list[str]) -> int:
    """Measure, show, and keep the numbers of earlier benchmarks that were not run again."""
    BUILD.mkdir(exist_ok=True)
    kept = BUILD / "bench.json"
    numbers: dict[str, float] = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    failures = []
    for name in names or MODULES:
        print(f"measuring {name} ...", flush=True)
        try:
            numbers |= importlib.import_module(f"benchmarks.{name}").measure()
        except DidNotEnd as reason:
            failures.append(f"{name}: {reason}")
            print(failures[-1], flush=True)
        kept.write_text(
            json.dumps({key: round(value, 4) for key, value in sorted(numbers.items())}, indent=1)
        )
    show(numbers)
    return 1 if failures else 0


def show(numbers: dict[str, float]) -> None:
    """Print the promised numbers first, then what they are made of."""
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for column in ("name", "measured", "target", ""):
        table.add_column(column, justify="left" if column == "name" else "right")
    for name in sorted(numbers, key=lambda one: (one not in TARGETS, one)):
        sign, target = TARGETS.get(name, ("", 0.0))
        is_met = {">=": numbers[name] >= target, "<=": numbers[name] <= target}.get(sign)
        verdict = "" if is_met is None else "met" if is_met else "missed"
        table.add_row(name, f"{numbers[name]:,.3f}", f"{sign} {target:g}" if sign else "", verdict)
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
