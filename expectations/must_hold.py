"""What an expectation is here: one query that counts what it looked at and what is wrong with it.

A query gives one row: `judged` (how many things were looked at), `broken` (how many of them are wrong) and,
where it helps, `observed` (names of sources or periods, never what a customer said). So neither findings nor
pages can show a person's data. `$since` in it stands for the load up to which everything was judged before
and held; -1 where everything has to be looked at.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.query_metric_provider import QueryMetricProvider
from great_expectations.render import LegacyDiagnosticRendererType, RenderedStringTemplateContent
from great_expectations.render.renderer.renderer import renderer

from expectations.dialect import DatabaseError
from expectations.verdict import NOTHING

CRITICAL, WARNING = FailureSeverity.CRITICAL, FailureSeverity.WARNING


class Figures(QueryMetricProvider):
    """Run an expectation's query once; a query that fails becomes a sentence without data."""

    metric_name = "must_hold.figures"
    value_keys = ("query",)

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(
        cls,
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> dict[str, Any]:
        try:
            mart, _, _ = execution_engine.get_compute_domain(
                metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE
            )
            query = cls._get_substituted_batch_subquery_from_query_and_batch_selectable(
                query=metric_value_kwargs["query"], batch_selectable=mart, execution_engine=execution_engine
            )
            [row] = cls._get_sqlalchemy_records_from_substituted_batch_subquery(query, execution_engine)
        except DatabaseError as error:
            return {"error": without_data(str(error.orig))}
        return row


class MustHold(BatchExpectation):
    """Hold as long as not more than `at_most` of what was judged is broken."""

    query: str
    load_id: int = -1
    things: ClassVar[str] = "rows"
    at_most: ClassVar[float] = 0.0
    # Is it an ordinary day when there is nothing to look at? Then none is broken; else it could not tell.
    may_be_empty: ClassVar[bool] = False

    metric_dependencies: ClassVar[tuple[str, ...]] = ("must_hold.figures",)
    success_keys: ClassVar[tuple[str, ...]] = ("query",)
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id", "row_condition", "condition_parser")

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.__doc__ = cls.__fields__["description"].default or cls.__doc__

    @classmethod
    def since(cls, load_id: int) -> MustHold:
        """Make the expectation, to look at what came after a load (-1: at everything)."""
        query = cls.__fields__["query"].default
        if "$since" not in query:
            return cls(query=query)
        return cls(query=query.replace("$since", str(load_id)), load_id=load_id)

    @classmethod
    def expected(cls) -> str:
        """Say how many may be broken."""
        return f"at most {cls.at_most:.0%} of {cls.things}" if cls.at_most else f"0 {cls.things}"

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        row = metrics["must_hold.figures"]
        if "error" in row:
            return _told(False, f"could not run: {row['error']}", "could_not_tell")
        judged, broken = int(row["judged"] or 0), int(row["broken"] or 0)
        if judged == 0 and not self.may_be_empty and self.load_id < 0:
            return _told(False, NOTHING, "could_not_tell")
        held = broken <= self.at_most * judged
        observed = f"{broken:,} of {judged:,} {self.things}"
        if broken and row.get("observed"):
            observed += f": {row['observed']}"
        return _told(held, observed, "held" if held else "broken")

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.STATUS_ICON)
    def _diagnostic_status_icon_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: Any = None
    ) -> RenderedStringTemplateContent:
        """Show a question mark where a check could not tell."""
        shown = super()._diagnostic_status_icon_renderer(configuration, result, runtime_configuration)
        if result.result.get("details", {}).get("outcome") == "could_not_tell":
            icon = shown.string_template["styling"]["params"]["icon"]
            icon["classes"] = ["fas", "fa-question-circle", "text-warning"]
        return shown


def _told(success: bool, observed: str, outcome: str) -> dict[str, Any]:
    return {"success": success, "result": {"observed_value": observed, "details": {"outcome": outcome}}}


def without_data(message: str) -> str:
    """Give the first line of a database's message with everything quoted taken out: it may quote answers."""
    first = next((line.strip() for line in message.splitlines() if line.strip()), "")
    first = re.sub(r"\(_?duckdb\.\w+\)\s*", "", first)
    return re.sub(r"\"[^\"]*(\"|$)|(?<!\w)'[^']*('|$)", "'…'", first)[:200]
