"""Validate the marts with Great Expectations, leave pages a person can open, tell what came out.

Importing this module imports Great Expectations: three to four seconds of processor time.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import great_expectations as gx
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import DataContextConfig, ProgressBarsConfig
from great_expectations.datasource.fluent.interfaces import TestConnectionError

from expectations.dialect import address
from expectations.must_hold import MustHold, without_data
from expectations.pages import KEPT, free, pages_folder, prune, results_folder
from flows.records import Finding

MARTS = (
    "responses",
    "answers",
    "comments",
    "comment_themes",
    "other_answers",
    "response_properties",
    "customers",
    "questions",
    "unmapped_questions",
    "quarantine",
    "sources",
    "journey_metrics",
    "touchpoint_map",
    "drivers",
    "outcomes",
    "response_rates",
    "emerging_terms",
    "goal_progress",
    "pain_points",
    "priorities",
    "follow_ups_due",
)
Classes = Mapping[str, list[type[MustHold]]]


@dataclass(frozen=True, slots=True)
class Covered:
    """Say up to which load an earlier check of this day and warehouse looked, and what held there."""

    load_id: int
    held: frozenset[str]


NOTHING_COVERED = Covered(-1, frozenset())


def classes_of(marts: tuple[str, ...] = MARTS) -> dict[str, list[type[MustHold]]]:
    """List the expectations of each mart, as its module has them."""
    return {mart: list(_classes(mart)) for mart in marts}


def audit(
    warehouse: Path,
    site: Path,
    build_id: str,
    at: datetime,
    covered: Covered = NOTHING_COVERED,
    classes: Classes | None = None,
) -> list[Finding]:
    """Check every mart and write the pages under `site`; the warehouse file is free again afterwards.

    A check that held before looks only at what came after `covered.load_id`; all others look at everything.
    """
    chosen = classes_of() if classes is None else classes
    prune(site, len(chosen))
    context = _context(site)
    source = context.data_sources.add_sql("marts", connection_string=address(warehouse))
    try:
        found, missing = _validated(context, source, chosen, covered, RunIdentifier(build_id, at))
    finally:
        # Great Expectations keeps two engines; while one of them lives, nobody else can write to the file.
        source.get_execution_engine().engine.dispose()
        source.get_engine().dispose()
    free(site)
    return [_finding(each, found, missing) for checks in chosen.values() for each in checks]


def name_of(check: type[MustHold]) -> str:
    """Give a check's name as findings have it."""
    return str(check.expectation_type)


def _classes(mart: str) -> Iterator[type[MustHold]]:
    module = importlib.import_module(f"expectations.{mart}")
    for each in vars(module).values():
        if isinstance(each, type) and issubclass(each, MustHold) and each.__module__ == module.__name__:
            yield each


def _context(site: Path) -> Any:
    def in_files(folder: Path) -> dict[str, Any]:
        return {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(folder),
            "suppress_store_backend_id": True,
        }

    kept = {"class_name": "InMemoryStoreBackend"}
    config = DataContextConfig(
        config_version=4.0,
        analytics_enabled=False,
        stores={
            "expectations_store": {"class_name": "ExpectationsStore", "store_backend": kept},
            "checkpoint_store": {"class_name": "CheckpointStore", "store_backend": kept},
            "validation_definition_store": {
                "class_name": "ValidationDefinitionStore",
                "store_backend": kept,
            },
            "validation_results_store": {
                "class_name": "ValidationResultsStore",
                "store_backend": in_files(results_folder(site)),
            },
        },
        expectations_store_name="expectations_store",
        validation_results_store_name="validation_results_store",
        checkpoint_store_name="checkpoint_store",
        data_docs_sites={
            "pages": {
                "class_name": "SiteBuilder",
                "site_name": "Can the marts be trusted?",
                "show_how_to_buttons": False,
                "site_section_builders": {"expectations": "none"},
                "store_backend": in_files(pages_folder(site)),
                "site_index_builder": {
                    "class_name": "DefaultSiteIndexBuilder",
                    "validation_results_limit": KEPT,
                },
            }
        },
        progress_bars=ProgressBarsConfig(globally=False),
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _validated(
    context: Any, source: Any, classes: Classes, covered: Covered, run: RunIdentifier
) -> tuple[dict[str, Any], dict[str, str]]:
    """Give the result of each check that ran, and for each mart that cannot be read why."""
    definitions, missing = [], {}
    for mart, checks in classes.items():
        try:
            asset = source.add_table_asset(mart)
        except TestConnectionError as error:
            missing[mart] = without_data(str(getattr(error.__cause__, "orig", "")))
            continue
        suite = context.suites.add(gx.ExpectationSuite(name=mart, expectations=_made(checks, covered)))
        batch = asset.add_batch_definition_whole_table("all")
        definition = gx.ValidationDefinition(name=mart, data=batch, suite=suite)
        definitions.append(context.validation_definitions.add(definition))
    checkpoint = context.checkpoints.add(gx.Checkpoint(name="marts", validation_definitions=definitions))
    outcome = checkpoint.run(run_id=run)
    # Once for all marts: as an action of the checkpoint it would build the index once per mart.
    context.build_data_docs(resource_identifiers=list(outcome.run_results))
    results = (result for suite in outcome.run_results.values() for result in suite.results)
    return {result.expectation_config.type: result for result in results}, missing


def _made(checks: list[type[MustHold]], covered: Covered) -> list[MustHold]:
    return [each.since(covered.load_id if name_of(each) in covered.held else -1) for each in checks]


def _finding(check: type[MustHold], found: dict[str, Any], missing: dict[str, str]) -> Finding:
    name, mart = name_of(check), check.__module__.rpartition(".")[2]
    told = (found[name].result or {}) if name in found else {}
    if told:
        observed, outcome = told["observed_value"], told["details"]["outcome"]
    elif mart in missing:
        observed, outcome = f"the mart {mart} cannot be read: {missing[mart]}", "could_not_tell"
    else:
        observed, outcome = "could not run", "could_not_tell"
    fields = check.__fields__
    severity = fields["severity"].default.value
    return Finding(name, fields["description"].default, severity, outcome, observed, check.expected())
