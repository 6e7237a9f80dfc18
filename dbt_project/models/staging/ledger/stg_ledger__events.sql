-- One row per event of an assignment, with what the ledger noted beside it.

with source as (
    select * from {{ source('raw', 'ledger_events') }}
)

select
    ---------- ids
    event_id,
    assignment_key,
    event,
    actor,
    root_cause_id,
    {{ json_text('details', 'response_key') }} as response_key,
    {{ json_text('details', 'source_name') }} as source_name,
    {{ json_text('details', 'survey_id') }} as survey_id,
    {{ json_text('details', 'response_id') }} as response_id,
    {{ json_text('details', 'customer_id') }} as customer_id,
    {{ json_text('details', 'journey_id') }} as journey_id,
    {{ json_text('details', 'touchpoint_id') }} as touchpoint_id,
    {{ json_text('details', 'rule_id') }} as rule_id,
    {{ json_text('details', 'team_id') }} as team_id,
    {{ json_text('details', 'owner_id') }} as owner_id,
    {{ json_text('details', 'calendar_id') }} as calendar_id,
    {{ json_text('details', 'build_id') }} as build_id,
    {{ json_text('details', 'raised_to') }} as raised_to,
    ---------- words
    {{ json_text('details', 'kind') }} as kind,
    {{ json_text('details', 'status') }} as status,
    {{ json_text('details', 'score_class') }} as score_class,
    {{ json_text('details', 'tell_customer') }} as tell_customer,
    {{ json_text('details', 'timezone') }} as timezone,
    note,
    ---------- times (UTC)
    source.at as happened_at,
    {{ iso_time(json_text('details', 'received_at')) }} as received_at,
    {{ iso_time(json_text('details', 'due_at')) }} as due_at
from source
