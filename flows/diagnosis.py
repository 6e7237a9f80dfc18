"""`heardback doctor`: every fault of an installation with its mend; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from flows.checkup.connections import unreachable
from flows.checkup.programme import programme_faults
from flows.checkup.sources import source_faults
from flows.configuration import Configuration
from flows.records import Advice, ConfigurationError, Fault
from flows.settings import Settings


def diagnose(settings: Settings) -> list[Fault | str]:
    """Name every fault of configuration, programme, secrets, sources and connections; last comes advice.

    Faults of tables are `Fault`, others sentences; an `Advice` is no fault.
    """
    found = list(_found(settings))
    return sorted(found, key=lambda one: isinstance(one, Advice))


def _found(settings: Settings) -> Iterator[Fault | str]:
    configuration: Configuration | None = None
    try:
        configuration = settings.configuration
    except ConfigurationError as error:
        yield from str(error).splitlines()
    try:
        settings.now()
    except ConfigurationError as error:
        yield str(error)
    yield from programme_faults(settings.programme_folder, configuration.sources if configuration else None)
    if configuration is not None:
        yield from source_faults(configuration.sources, settings.config_file.parent)
    yield from unreachable(settings)
