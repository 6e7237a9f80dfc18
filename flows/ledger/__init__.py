"""The only door to the ledger database: promises, events, letters, builds and runs."""

from sqlalchemy import Connection

from flows.ledger.builds import findings, latest_findings, record_build, require_passed
from flows.ledger.customers import (
    customer_key_of,
    customer_letters_waiting,
    lives,
    resolved_untold,
    why_untold,
)
from flows.ledger.directory import keep_directory, read_directory
from flows.ledger.events import (
    Recorded,
    after_handover,
    close_due,
    events_after,
    last_event_id,
    record_event,
    write_event,
)
from flows.ledger.inbox import inbox_count, inbox_waiting, mark_taken, put_into_inbox, put_within
from flows.ledger.looks import (
    assignment_within,
    history_of,
    last_event_of,
    letter_exists,
    open_of_owner,
    open_of_team,
    others_of_customer,
    team_of,
)
from flows.ledger.opening import Ledger, open_ledger
from flows.ledger.outbox import (
    Noted,
    Waiting,
    claim_letters,
    due_letters_with_zone,
    hold_letter,
    letters_by_status,
    letters_waiting,
    mark_failed,
    note_letters,
    queue_letter,
    release_letters,
    requeue_abandoned,
)
from flows.ledger.preferences import all_preferences, prefer, refusing
from flows.ledger.promises import find_assignment, follow_up_counts, promise, promised_keys
from flows.ledger.quick_fixes import take_quick_fix
from flows.ledger.reminders import NOT_REACHED, not_reached, standing, was_escalated, was_reminded
from flows.ledger.runs import end_killed_runs, end_run, runs, start_run
from flows.ledger.scratch import scratch_copy
from flows.ledger.states import OPEN, RULES, EventRefused, Said, UnknownAssignment
from flows.ledger.threads import (
    Sent,
    assignment_letters,
    letters_answered,
    letters_told,
    mark_returned,
)

__all__ = [
    "NOT_REACHED",
    "OPEN",
    "RULES",
    "Connection",
    "EventRefused",
    "Ledger",
    "Noted",
    "Recorded",
    "Said",
    "Sent",
    "UnknownAssignment",
    "Waiting",
    "after_handover",
    "all_preferences",
    "assignment_letters",
    "assignment_within",
    "claim_letters",
    "close_due",
    "customer_key_of",
    "customer_letters_waiting",
    "due_letters_with_zone",
    "end_killed_runs",
    "end_run",
    "events_after",
    "find_assignment",
    "findings",
    "follow_up_counts",
    "history_of",
    "hold_letter",
    "inbox_count",
    "inbox_waiting",
    "keep_directory",
    "last_event_id",
    "last_event_of",
    "latest_findings",
    "letter_exists",
    "letters_answered",
    "letters_by_status",
    "letters_told",
    "letters_waiting",
    "lives",
    "mark_failed",
    "mark_returned",
    "mark_taken",
    "not_reached",
    "note_letters",
    "open_ledger",
    "open_of_owner",
    "open_of_team",
    "others_of_customer",
    "prefer",
    "promise",
    "promised_keys",
    "put_into_inbox",
    "put_within",
    "queue_letter",
    "read_directory",
    "record_build",
    "record_event",
    "refusing",
    "release_letters",
    "requeue_abandoned",
    "require_passed",
    "resolved_untold",
    "runs",
    "scratch_copy",
    "standing",
    "start_run",
    "take_quick_fix",
    "team_of",
    "was_escalated",
    "was_reminded",
    "why_untold",
    "write_event",
]
