-- One row per follow-up that the ledger holds: what was promised, and where it stands by its newest events. A
-- follow-up that was reopened begins a new life: what was resolved, told and closed before counts no more.

with events as (
    select
        ledger.*,
        count(case when event = 'reopened' then 1 end) over (
            partition by assignment_key order by event_id asc nulls last
            rows between unbounded preceding and current row
        ) as life,
        count(case when event = 'reopened' then 1 end) over (partition by assignment_key) as last_life
    from {{ ref('stg_ledger__events') }} as ledger
    where assignment_key not like 'quick_fix/%'
),

promised as (
    select
        events.*,
        row_number() over (partition by assignment_key order by event_id asc nulls last) as first_promised
    from events
    where event = 'assigned'
),

standing as (
    select
        assignment_key,
        max_by(status, event_id) filter (where status is not null) as status,
        max_by(owner_id, event_id) filter (
            where event in ('assigned', 'reassigned') and owner_id is not null
        ) as owner_id,
        max_by(team_id, event_id) filter (
            where event in ('assigned', 'reassigned') and team_id is not null
        ) as team_id,
        max_by(root_cause_id, event_id) filter (where root_cause_id is not null) as root_cause_id,
        min(happened_at) filter (where event = 'acknowledged') as acknowledged_at,
        min(happened_at) filter (where event = 'contacted') as first_contact_at,
        max(happened_at) filter (where event in ('contacted', 'told')) as last_contact_at,
        max(happened_at) filter (where event in ('confirmed', 'told')) as last_letter_at,
        min(happened_at) filter (where event = 'resolved' and life = last_life) as resolved_at,
        min(happened_at) filter (where event = 'told' and life = last_life) as told_at,
        min(happened_at) filter (where event = 'closed' and life = last_life) as closed_at,
        max(last_life) as reopened_count
    from events
    group by assignment_key
)

select
    promised.assignment_key as follow_up_key,
    promised.response_key,
    promised.customer_id,
    promised.journey_id,
    promised.touchpoint_id,
    promised.kind,
    promised.rule_id,
    standing.team_id,
    standing.owner_id,
    promised.owner_id as first_owner_id,
    promised.score_class,
    promised.calendar_id,
    promised.timezone,
    promised.received_at,
    promised.happened_at as assigned_at,
    promised.due_at as promised_due_at,
    standing.acknowledged_at,
    standing.first_contact_at,
    standing.last_contact_at,
    standing.last_letter_at,
    standing.resolved_at,
    standing.told_at,
    standing.closed_at,
    coalesce(standing.status, 'assigned') as status,
    standing.root_cause_id,
    standing.reopened_count
from promised
inner join standing
    on promised.assignment_key = standing.assignment_key
where promised.first_promised = 1
