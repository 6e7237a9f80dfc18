"""What an answer changes: the events it tells, in one transaction, and what to say about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flows import ledger
from flows.ledger import EventRefused, Ledger, Said
from flows.ledger import Sent as Letter
from flows.mail.customers_heard import customer_wrote, ends_by_mail
from flows.mail.escalating import Office, escalate
from flows.mail.letters import recipient
from flows.mail.replies import Reply

Row = dict[str, Any]
# Gives the owner in whose name an address may answer for an assignment, or None.
MaySpeak = Callable[[str, Mapping[str, Any]], str | None]
_EVENTS = {"taken": "acknowledged", "reached": "contacted", "waiting": "waiting", "declined": "declined"}


@dataclass(slots=True)
class Heard:
    """Say what became of answers: how many there were, what events they told, sentences for who runs this."""

    answers: int = 0
    events: int = 0
    remarks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, other: Heard) -> None:
        """Count another answer in."""
        self.answers += other.answers
        self.events += other.events
        self.remarks += other.remarks
        self.faults += other.faults


def hear(book: Ledger, reply: Reply, office: Office, may_speak: MaySpeak) -> Heard:
    """Write what one answer says into the ledger; the same answer heard again changes nothing."""
    letters = ledger.letters_answered(book, reply.threads)
    heard = Heard(answers=1)
    if reply.meaning == "delayed":
        return heard
    if reply.meaning == "bounced":
        _came_back(book, letters, reply, office, heard)
    elif ends_by_mail(book, reply, office):  # also where a program wrote it for its user
        return heard
    elif reply.meaning == "away":
        _away(book, letters, reply, office, heard)
    elif (row := _of_customer(book, letters, reply, may_speak)) is not None:
        heard.events += customer_wrote(book, row, reply, office)
    elif letters or reply.keys:
        _said(book, letters, reply, office, may_speak, heard)
    else:
        heard.remarks.append(f"the message {reply.identity} answers no letter of ours; it is left as it is.")
    return heard


def _of_customer(book: Ledger, letters: Sequence[Letter], reply: Reply, may_speak: MaySpeak) -> Row | None:
    """Give the follow-up that a customer answers about; None where a colleague answers or was written to."""
    if not letters or letters[0].kind != "customer":
        return None
    row = ledger.find_assignment(book, letters[0].assignment_keys[0])
    return row if row is not None and not may_speak(reply.sender, row) else None


def _came_back(book: Ledger, letters: Sequence[Letter], reply: Reply, office: Office, heard: Heard) -> None:
    """Note that a letter came back, and let somebody else know of what it was about."""
    for letter in letters[:1]:
        with book.writing() as connection:
            is_new = ledger.mark_returned(connection, letter.message_id, reply.reason)
        if is_new:
            why = reply.reason or "no reason given"
            heard.faults.append(f"the {letter.kind} letter {letter.message_id} came back: {why}.")
        if letter.kind in ("assignment", "reminder"):
            _tell_manager(book, letter, "undeliverable", reply, office, heard)


def _away(book: Ledger, letters: Sequence[Letter], reply: Reply, office: Office, heard: Heard) -> None:
    """Let the manager know that an owner is away; answers of machines for a whole team say nothing."""
    for letter in letters[:1]:
        is_person = reply.sender == letter.recipient.lower()
        if letter.kind in ("assignment", "reminder") and is_person:
            _tell_manager(book, letter, "away", reply, office, heard)


def _tell_manager(
    book: Ledger, letter: Letter, trouble: Any, reply: Reply, office: Office, heard: Heard
) -> None:
    with book.reading() as connection:
        rows = [row for row, _ in ledger.standing(connection, letter.assignment_keys)]
    mine = {row["assignment_key"]: row["due_at"] for row in rows if _goes_to(row, office) == letter.recipient}
    told = escalate(book, mine, trouble, office, reply.reason)
    heard.events += sum(len(one.assignment_keys) for one in told.letters)
    heard.faults += [f"{fault}." for fault in told.faults]


def _goes_to(row: Row, office: Office) -> str:
    """Give the address that letters about an assignment go to today; empty where there is none."""
    facts = office.up_to_date({**row["facts"], "owner_id": row["owner_id"], "team_id": row["team_id"]})
    try:
        return recipient(facts.get("owner") or {}, facts.get("team") or {}).addr_spec
    except ValueError:
        return ""


def _said(
    book: Ledger,
    letters: Sequence[Letter],
    reply: Reply,
    office: Office,
    may_speak: MaySpeak,
    heard: Heard,
) -> None:
    if reply.meaning == "unsubscribe":  # only customers can; said by a colleague it is a note like any
        reply = replace(reply, meaning="note", note=reply.words)
    keys = reply.keys or (letters[0].assignment_keys if letters else ())
    with book.writing() as connection:
        rows = [row for row, _ in ledger.standing(connection, keys)]
        if reply.keys and not rows and letters:  # brackets of somebody's own in the subject
            rows = [row for row, _ in ledger.standing(connection, letters[0].assignment_keys)]
        allowed = [(row, actor) for row in rows if (actor := may_speak(reply.sender, row))]
        if not allowed:
            heard.remarks.append(
                f"the answer {reply.identity} is about nothing that is its sender's; nothing was noted."
            )
            return
        still_open = [one for one in allowed if one[0]["status"] in ledger.OPEN] or allowed
        if len(still_open) > 1 and reply.meaning not in ("taken", "note"):
            heard.remarks.append(
                f"the answer {reply.identity} says '{reply.meaning}' to a letter of {len(still_open)} "
                "follow-ups and not to which; it was kept as a note."
            )
            reply = _as_note(reply)
        for row, actor in still_open:
            for said in _events(row, actor, reply, office.now):
                try:
                    heard.events += ledger.write_event(connection, said).is_new
                except EventRefused as refused:
                    heard.remarks.append(
                        f"the answer {reply.identity} about {row['assignment_key']}: {refused}"
                    )


def _as_note(reply: Reply) -> Reply:
    return replace(reply, meaning="note", note=f"{reply.meaning}\n{reply.note}".strip())


def _events(row: Row, actor: str, reply: Reply, now: datetime) -> list[Said]:
    """Turn an answer into events: who is done has reached the customer, and resolved names its root cause."""
    key, note, at = row["assignment_key"], reply.note or None, _when(reply, row, now)

    def said(event: str, note: str | None = note, cause: str | None = None) -> Said:
        return Said(key, event, actor, at, note, cause, reply=reply.identity)

    if reply.meaning == "note":
        return [said("question")] if note else []
    if reply.meaning != "done":
        return [said(_EVENTS[reply.meaning])]
    reached = [] if row["status"] == "contacted" else [said("contacted")]
    if len(reply.causes) == 1:
        return [*reached, said("resolved", note, reply.causes[0])]
    return reached or [said("question", note or "done")]


def _when(reply: Reply, row: Row, now: datetime) -> datetime:
    """Give when it was written, if that can be: after it was assigned and not in the future; else now."""
    at = reply.sent_at
    return at if at is not None and row["created_at"] <= at <= now else now
