"""Every model reads as DuckDB and as Spark, and keeps away from what the two understand differently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlglot import expressions as exp
from sqlglot.tokens import Token, TokenType

PROJECT = Path(__file__).parents[2] / "dbt_project"
SEAMS = PROJECT / "macros" / "engine.sql"
SOURCES = sorted(
    path
    for folder in ("models", "macros", "data-tests")
    for path in (PROJECT / folder).rglob("*.sql")
    if path != SEAMS
)

# What Spark refuses, or answers differently without a word; each has its seam or its portable way.
FORBIDDEN = {
    r"::": "write cast(x as type)",
    r"\basof\b": "join on a range, or number the rows",
    r"\bunion( all)? by name\b": "name the columns",
    r"\*\s*exclude\b": "name the columns",
    r"\b(string_agg|array_agg|list|listagg|group_concat)\s*\(": "ordered lists are a seam",
    r"\b(arg_max|arg_min|quantile_cont|struct_pack|generate_series|list_\w+)\s*\(": "Spark does not know it",
    r"\b(strftime|strptime|unnest|epoch|json_extract\w*|regexp_matches)\s*\(": "it is a seam",
    r"\bregexp_replace\s*\(": "one replaces the first match, the other all: it is a seam",
    r"\b(dayofweek|weekday)\s*\(|extract\s*\(\s*dow": "the week begins on another day: it is a seam",
    r"\bconcat\s*\(": "null counts differently: write a || b",
    r"\bhash\s*\(": "hashes differ: write md5",
    r"(?<!:)//": "integer division is written with floor",
    r"->>?": "JSON is read by a seam",
    r"(?<![\w{(%,=\[])\[(?!\d)": "there are no list literals",
    r"\bsnapshot\b": "dbt's snapshots are not used",
}


def without_comments(text: str) -> str:
    """Drop comments and the two sides of a seam."""
    text = re.sub(r"{% macro (duckdb|spark)__.*?endmacro", "", text, flags=re.DOTALL)
    return re.sub(r"--[^\n]*", "", re.sub(r"{#.*?#}", "", text, flags=re.DOTALL))


def plain_sql(text: str) -> str:
    """Drop also literals and what is Jinja's own."""
    text = re.sub(r"'[^']*'", "''", without_comments(text))
    text = re.sub(r"{%-?\s*(set|for|if|elif|do|macro|test)\b.*?%}", "", text, flags=re.DOTALL)
    return re.sub(r"{{.*?}}", "x", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_nothing_that_engines_understand_differently(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "\\" not in without_comments(text), f"{path.name}: a backslash is an escape to Spark: write [0-9]"
    found = [f"{word}: {mend}" for word, mend in FORBIDDEN.items() if re.search(word, plain_sql(text), re.I)]
    assert not found


def test_both_engines_read_every_model(for_duckdb: dict[str, str], for_spark: dict[str, str]) -> None:
    assert for_duckdb.keys() == for_spark.keys()
    faults = [fault for name, sql in for_duckdb.items() for fault in parsed(name, sql, "duckdb")]
    faults += [fault for name, sql in for_spark.items() for fault in parsed(name, sql, "spark")]
    assert not faults, "\n".join(faults)


def parsed(name: str, sql: str, dialect: str) -> Iterator[str]:
    """Parse one statement; yields what is wrong with it."""
    try:
        statements = sqlglot.parse(sql, read=dialect, error_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.ParseError as error:
        yield f"{name} is not {dialect}: {error.errors[0]['description']}, line {error.errors[0]['line']}"
        return
    if len(statements) != 1 or isinstance(statements[0], exp.Command):
        yield f"{name} is not one query of {dialect}"


def test_nulls_have_their_place_in_every_order(for_spark: dict[str, str]) -> None:
    faults = [f"{name}: order by {key}" for name, sql in for_spark.items() for key in keys_without_nulls(sql)]
    assert not faults, "\n".join(faults)


def keys_without_nulls(sql: str) -> Iterator[str]:
    """Yield the sort keys that do not say where nulls go."""
    tokens = sqlglot.tokenize(sql, read="spark")
    for start, token in enumerate(tokens):
        if token.token_type == TokenType.ORDER_BY:
            for key in sort_keys(tokens[start + 1 :]):
                if "NULLS" not in {part.text.upper() for part in key}:
                    yield " ".join(part.text for part in key)


def sort_keys(tokens: list[Token]) -> list[list[Token]]:
    """Cut what follows `order by` into its keys."""
    keys: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        ends = token.token_type in (TokenType.ROWS, TokenType.RANGE, TokenType.LIMIT, TokenType.UNION)
        if depth < 0 or (depth == 0 and ends):
            break
        if depth == 0 and token.token_type == TokenType.COMMA:
            keys.append([])
        else:
            keys[-1].append(token)
    return keys


def test_no_division_by_zero_and_no_huge_sums(for_spark: dict[str, str]) -> None:
    faults = []
    for name, sql in for_spark.items():
        if list(parsed(name, sql, "spark")):
            continue
        tree = sqlglot.parse_one(sql, read="spark")
        faults += [
            f"{name}: {node.sql()[:90]}" for node in tree.find_all(exp.Div) if not is_safe(node.expression)
        ]
        faults += [
            f"{name}: {node.sql()[:90]}" for node in tree.find_all(exp.Sum) if sums_whole_numbers(node)
        ]
    assert not faults, "\n".join(faults)


def is_safe(divisor: exp.Expression) -> bool:
    """Tell whether a divisor is a number other than 0, or null where it would be 0."""
    divisor = divisor.unnest()
    return isinstance(divisor, exp.Nullif) or (isinstance(divisor, exp.Literal) and float(divisor.this) != 0)


def sums_whole_numbers(node: exp.Sum) -> bool:
    """Tell whether a sum of counts or of ones is left in the engine's own (huge) type."""
    numbers = [literal.this for literal in node.find_all(exp.Literal) if not literal.is_string]
    whole = isinstance(node.this, exp.Case) and numbers and all(number.isdigit() for number in numbers)
    counts = isinstance(node.this, exp.Column) and node.this.name.endswith("_count")
    return bool(whole or counts) and not isinstance(node.parent, exp.Cast)
