"""The `heardback` command: words in, a step started, errors in one sentence, the contract's exit status.

Libraries that take seconds to import (Prefect, dbt, Great Expectations) are imported by the command that
needs them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from flows import screens, settings
from flows.interpreter import sweep_rarely
from flows.records import ConfigurationError, HeardbackError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=__doc__.splitlines()[0] if __doc__ else None,
)
Wait = Annotated[
    float, typer.Option("--wait", metavar="SECONDS", help="Wait this long for another run to end.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LATER = ("announce", "replay", "erase")


def main() -> None:
    """Run the command line; a traceback is shown only with --debug."""
    sweep_rarely()
    words = [word for word in sys.argv[1:] if word != "--debug"]
    debug = len(words) < len(sys.argv) - 1
    if words and words[0] in LATER:
        print(f"`heardback {words[0]}` is not part of this version yet.", file=sys.stderr)
        sys.exit(2)
    try:
        status = app(args=words, prog_name="heardback", standalone_mode=False)
    except HeardbackError as error:
        if debug:
            raise
        if str(error) and not getattr(error, "was_said", False):
            print(error, file=sys.stderr)
        status = error.exit_status
    except Exception as error:
        if debug:
            raise
        status = _unforeseen(error)
    sys.exit(status if isinstance(status, int) else 0)


def _unforeseen(error: Exception) -> int:
    show: Callable[[], None] | None = getattr(error, "show", None)
    if show is not None:  # one of click's own: wrong usage
        show()
        return int(getattr(error, "exit_code", 2))
    if isinstance(error, OSError):
        print(
            f"{error.strerror or type(error).__name__}: {error.filename or ''}. Mend it and run again.",
            file=sys.stderr,
        )
    else:
        print(
            f"Unforeseen: {type(error).__name__}. `--debug` shows where; nothing is lost, run again.",
            file=sys.stderr,
        )
    return 1


def _ready() -> settings.Settings:
    """Refuse to start with a wrong configuration or programme: status 2, and nothing was begun."""
    from flows.programme import read
    from flows.signing import require_signable

    chosen = settings.load()
    chosen.now()
    _ = chosen.configuration
    require_signable(chosen)
    _, faults = read(chosen.programme_folder)
    if faults:
        raise ConfigurationError("\n".join(str(fault) for fault in faults))
    return chosen


def _step(name: str, wait: float, **words: Any) -> None:
    """Do one step (or the whole run) under the home's lock and Prefect."""
    chosen = _ready()
    from flows.orchestration import at_work
    from flows.prefect_server import prefect_api

    with at_work(name, wait=wait), prefect_api(chosen.home_folder):
        from importlib import import_module

        verb = getattr(import_module(f"flows.{name}"), name)
        state = verb(**words, return_state=True)
        result = state.result(raise_on_failure=False) if state.is_failed() or state.is_crashed() else None
        if isinstance(result, BaseException) and state.name not in ("Withheld", "Incomplete"):
            raise result


@app.command()
def run(wait: Wait = 0) -> None:
    """Walk the whole road once: listen, collect … notify; then remind and digest where something is due."""
    _step("run", wait)


@app.command()
def listen(wait: Wait = 0) -> None:
    """Hear what owners did since the last run."""
    _step("listen", wait)


@app.command()
def collect(
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    since: Annotated[str | None, typer.Option(help="Backfill answers since this date (YYYY-MM-DD).")] = None,
    wait: Wait = 0,
) -> None:
    """Pull what is new from the survey tools into raw."""
    _step("collect", wait, source=source, since=since)


@app.command()
def transform(wait: Wait = 0) -> None:
    """Build the marts from raw."""
    _step("transform", wait)


@app.command()
def check(wait: Wait = 0) -> None:
    """Ask whether the marts can be trusted."""
    _step("check", wait)


@app.command()
def publish(wait: Wait = 0) -> None:
    """Replace the files analysts read."""
    _step("publish", wait)


@app.command()
def assign(wait: Wait = 0) -> None:
    """Promise follow-ups to their owners and write the letters."""
    _step("assign", wait)


@app.command()
def notify(wait: Wait = 0) -> None:
    """Send the letters that wait."""
    _step("notify", wait)


@app.command()
def remind(wait: Wait = 0) -> None:
    """Remind owners of deadlines, and tell managers what is late."""
    _step("remind", wait)


@app.command()
def digest(wait: Wait = 0) -> None:
    """Write each team's week to its people, on the team's weekday."""
    _step("digest", wait)


@app.command()
def event(
    follow_up_key: str,
    event: str,
    by: Annotated[str | None, typer.Option(help="Owner who did it.")] = None,
    root_cause: Annotated[str | None, typer.Option(help="Root cause, for `resolved`.")] = None,
    note: Annotated[str | None, typer.Option(help="What happened, in a sentence.")] = None,
    to: Annotated[str | None, typer.Option(help="New owner, for `reassigned`.")] = None,
) -> None:
    """Note what an owner did: acknowledged, contacted, waiting, resolved, told, closed, ..."""
    from flows.event import record_event_from_command

    print(
        record_event_from_command(
            settings.load(), follow_up_key, event, by=by, root_cause=root_cause, note=note, to=to
        )
    )


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path(),
    answers: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="A file of answers to draft from.")
    ] = None,
) -> None:
    """Draft a configuration and programme, from a file of answers if there is one."""
    from flows.drafting import draft

    screens.show_draft(folder, draft(folder, answers, settings.load().now()))


@app.command()
def doctor(as_json: Json = False) -> int:
    """Check configuration, programme, connections and secrets; writes nothing."""
    from flows.diagnosis import diagnose

    return screens.show_diagnosis(diagnose(settings.load()), as_json=as_json)


@app.command()
def status(
    as_json: Json = False,
    max_age: Annotated[
        str | None, typer.Option(help="Exit 1 when the last good run is older, e.g. 26h.")
    ] = None,
) -> int:
    """Show the last runs, sources, quarantine, findings and open follow-ups."""
    from flows.standing import standing

    return screens.show_standing(standing(settings.load()), as_json=as_json, max_age=max_age)


@app.command()
def rehearse(
    as_json: Json = False,
    programme: Annotated[Path | None, typer.Option(metavar="DIR", help="Other programme tables.")] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day of a period.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day of a period.")] = None,
) -> None:
    """Show who would get which letter, and why, now or over a past period; sends and writes nothing."""
    from flows.rehearsal import rehearse as rehearsed

    chosen = settings.load()
    found = rehearsed(chosen, chosen.now(), programme=programme, first=first, last=last)
    screens.show_rehearsal(found, as_json=as_json)


@app.command()
def desk(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8484,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that serve.")] = 1,
) -> None:
    """Serve the pages on which owners say what came of their follow-ups."""
    from flows.serving import serve

    serve(settings.load(), host, port, workers)


@app.command()
def demo(
    keep_serving: Annotated[
        bool, typer.Option("--keep-serving", help="Leave the desk and the survey tools up until Ctrl-C.")
    ] = False,
) -> int:
    """Show everything on a made-up company, with servers of its own; sends nothing."""
    from demo.show import run_demo

    return run_demo(keep_serving=keep_serving)


if __name__ == "__main__":
    main()
