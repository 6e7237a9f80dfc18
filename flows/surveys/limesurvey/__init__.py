"""LimeSurvey: from RemoteControl 2 (JSON-RPC) to responses and definitions.

Read are complete and incomplete responses of all active surveys that the user may see, or of those named in
`surveys`, with the participants behind their tokens. Left out are files that were uploaded, timings, and
surveys that are not active: their answers leave the interface and stay as they were read.

The interface has no date filter. What is cheapest and still complete: each run asks for the index of a
survey (id, time of submission, time of the last change; about a hundred bytes a response) and then for whole
responses only where the index shows something new. `survey` says what follows from that.

Times come without a zone, in that of the server: set the source's `timezone` to it.

`remote`     the calls: a key for the session, refusals that come with HTTP 200
`questions`  what a survey asks: questions, the labels of their codes, which of them are hidden
`definitions` how that is kept
`exports`    the lists of responses, taken apart without changing them
`index`      which responses there are, and when each was last touched
`ids`        sets of ids in a few bytes
`state`      how far a survey was read
`people`     the participants behind tokens
`news`       what of an index is new, and what vanished
`windows`    whole responses, in windows of ids
`rows`       one response: its answers and envelope, or why it cannot be understood
`survey`     what is read of one survey, in which order
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.records import Page, SourceError
from flows.surveys.asked import Asked
from flows.surveys.envelope import Envelope
from flows.surveys.gone import gone_from
from flows.surveys.limesurvey.invitations import invitations_of
from flows.surveys.limesurvey.remote import Remote, Said
from flows.surveys.limesurvey.rows import DEFAULTS, finder
from flows.surveys.limesurvey.survey import Survey
from flows.surveys.patience import Patience
from flows.surveys.said import checked_base
from flows.surveys.session import Session
from flows.surveys.templates import text_of
from flows.surveys.trouble import Unanswered

_PATH = "/index.php/admin/remotecontrol"
_MENDS = {
    401: "Something before LimeSurvey asks for a password of its own; let this machine through without one.",
    403: "The server, or something before it, bars this address; let this machine reach RemoteControl.",
    404: "Set base_url to the address of RemoteControl, which ends in /admin/remotecontrol.",
    500: "LimeSurvey does not know what it was asked for.",
}


def pages(asked: Asked, patience: Patience | None = None) -> Iterator[Page]:
    """Give what may be new of a LimeSurvey server, page by page.

    A survey that is gone is a warning; one that is refused does not keep the others from being read, and is
    named in the SourceError at the end. Raises SourceError for user, password or address that open nothing.
    """
    source = asked.source
    username, password = (source.username or "").strip(), source.password or ""
    if not username or not password.strip():
        raise SourceError(
            f"source '{source.name}' has no username or no password. Set those of a LimeSurvey user who may "
            "read and export the surveys, like username: heardback and password: ${LIMESURVEY_PASSWORD}."
        )
    if not source.base_url:
        raise SourceError(
            f"source '{source.name}' has no base_url. Set the server's address, "
            "like https://surveys.example.com."
        )
    address = _address(checked_base(source.name, source.base_url))
    envelope = Envelope(source, DEFAULTS, finder)
    opened = Session(source.name, address, {}, secrets=[password], mends=_MENDS, patience=patience)
    with opened as session, Remote(session, username, password) as remote:
        yield from _surveys(asked, remote, envelope)


def _address(base: str) -> str:
    """Give where RemoteControl answers, for an address of the server, or already of the interface."""
    if base.endswith("/remotecontrol"):
        return base
    for known in ("/index.php/admin", "/index.php", "/admin"):
        if base.endswith(known):
            return base + ("/remotecontrol" if known.endswith("/admin") else "/admin/remotecontrol")
    return base + _PATH


def _surveys(asked: Asked, remote: Remote, envelope: Envelope) -> Iterator[Page]:
    listed = _listed(remote)
    wanted = list(listed) if asked.source.surveys == "all" else list(dict.fromkeys(asked.source.surveys))
    yield from gone_from(asked, wanted)
    faults: list[str] = []
    for survey_id in wanted:
        survey = Survey(asked, remote, envelope, survey_id, listed.get(survey_id, {}))
        try:
            yield from survey.pages()
            yield from invitations_of(asked, remote, survey_id)
        except Said as said:
            if survey.is_gone():
                yield Page(warnings=[remote.sentence(f"the survey {survey_id} is gone: {said.words}.")])
            else:
                faults.append(str(said))
        except Unanswered:
            raise
        except SourceError as error:
            faults.append(str(error))
    if faults:
        more = f" And {len(faults) - 3} more like these." if len(faults) > 3 else ""
        raise SourceError(" ".join(faults[:3]) + more)


def _listed(remote: Remote) -> dict[str, dict[str, object]]:
    """List the surveys that the user may see, by id; raises SourceError."""
    try:
        found = remote.call("list_surveys")
    except Said as said:
        if said.says("no surveys found"):
            return {}
        raise
    if not isinstance(found, list):
        raise SourceError(remote.sentence("gives no list of surveys."))
    surveys = [one for one in found if isinstance(one, dict)]
    return {survey_id: one for one in surveys if (survey_id := text_of(one.get("sid")))}
