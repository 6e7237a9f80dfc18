"""Words of the desk: names of states and events, and what is wrong with a request."""

from __future__ import annotations

from collections.abc import Callable

Translate = Callable[[str], str]


def status_name(status: str, _: Translate) -> str:
    """Name the state of a follow-up."""
    names = {
        "assigned": _("new"),
        "acknowledged": _("taken"),
        "contacted": _("customer reached"),
        "waiting": _("waiting for the customer"),
        "resolved": _("resolved"),
        "closed": _("closed"),
        "declined": _("declined"),
        "withdrawn": _("withdrawn"),
    }
    return names.get(status, status)


def event_name(event: str, _: Translate) -> str:
    """Name what happened."""
    names = {
        "assigned": _("assigned"),
        "acknowledged": _("taken"),
        "attempted": _("tried, not reached"),
        "contacted": _("customer reached"),
        "waiting": _("waiting for the customer"),
        "resumed": _("went on"),
        "resolved": _("resolved"),
        "told": _("customer told"),
        "confirmed": _("customer told that it was received"),
        "satisfied": _("customer says that it is solved"),
        "reminded": _("owner reminded"),
        "closed": _("closed"),
        "declined": _("declined"),
        "reassigned": _("handed over"),
        "escalated": _("escalated"),
        "reopened": _("reopened"),
        "raised": _("raised to the outer loop"),
        "withdrawn": _("withdrawn"),
        "edited": _("the customer changed the answer"),
        "joined": _("the customer wrote again"),
        "question": _("question asked"),
    }
    return names.get(event, event)


def fault_title(word: str, _: Translate) -> str:
    """Say in a few words why a request leads nowhere."""
    titles = {
        "unknown_link": _("This link opens nothing"),
        "expired": _("This link has expired"),
        "list_expired": _("This link has expired"),
        "handed_over": _("This follow-up has been handed over"),
        "cross_site": _("This form came from elsewhere"),
        "no_token": _("This form does not count"),
        "too_large": _("That is too much text"),
        "method": _("This address takes no such request"),
        "busy": _("The desk is busy"),
    }
    return titles.get(word, _("This did not work"))


def fault_advice(word: str, _: Translate) -> str:
    """Say what to do about it."""
    advice = {
        "unknown_link": _("Copy the whole link from the letter, or press the button in it once more."),
        "list_expired": _("Open the newest letter you have and go on from there."),
        "handed_over": _("Somebody else takes care of it now, so this link no longer opens it."),
        "cross_site": _("Nothing was noted. Open the link from your letter and use the form there."),
        "no_token": _("Nothing was noted. Open the link from your letter and use the form there."),
        "too_large": _("Nothing was noted. Shorten it and send it again."),
        "busy": _("Nothing was noted. Try again in a minute."),
    }
    return advice.get(word, _("Nothing was noted. Open the link from your letter."))


def refusal(word: str, _: Translate) -> str:
    """Say why what was filled in was not noted; the page with the form stands below."""
    sentences = {
        "stale": _(
            "Not noted: something happened here since you opened this page. Look again, then press again."
        ),
        "no_cause": _("Not noted: choose the root cause first."),
        "unknown_cause": _("Not noted: this root cause is not known."),
        "no_colleague": _("Not noted: choose who takes over."),
        "unreachable": _("Not noted: this colleague has no e-mail address."),
        "unknown_raise": _("Not noted: this pain point or initiative is not known."),
        "too_long": _("Not noted: the text is longer than 4,000 characters."),
        "misfit": _("Not noted: this does not fit the state of the follow-up any more."),
        "no_action": _("Not noted: no button was pressed."),
        "nothing_told": _("Not noted: write what the customer said."),
        "unknown_place": _("Not noted: this touchpoint is not known."),
        "wrong_address": _("Not noted: this is no e-mail address."),
    }
    return sentences.get(word, _("Not noted."))


def taken_note(action: str, _: Translate) -> str:
    """Confirm what was noted."""
    notes = {
        "acknowledge": _("Noted: you take it."),
        "attempted": _("Noted: you tried."),
        "contacted": _("Noted: you reached the customer."),
        "waiting": _("Noted: you wait for the customer. The deadline waits with you."),
        "resumed": _("Noted: it goes on."),
        "resolve": _("Noted: resolved. Thank you."),
        "decline": _("Noted: declined."),
        "hand_over": _("Noted: handed over. Your colleague gets a letter."),
        "raise": _("Noted: raised to the outer loop."),
        "told": _("Noted: what the customer told you counts like an answer from the next run on."),
    }
    return notes.get(action, "")
