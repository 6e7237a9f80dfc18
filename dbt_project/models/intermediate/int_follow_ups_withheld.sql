-- One row per follow-up that is asked for, young enough and not in the ledger: may it go out, or does it join another?
{{ config(tags=['clock']) }}

with refused_here as (
    select distinct response_key
    from {{ ref('int_consents_told') }}
    where not is_given
),

fresh as (
    select
        asked.*,
        settings.join_open,
        customers.owner_id as account_owner_id,
        coalesce(customers.may_contact, true)
        and coalesce(consents.is_given, true)
        and refused_here.response_key is null as may_contact,
        {{ seconds_later('settings.now', '-86400e0 * settings.days_between') }} as lately
    from {{ ref('int_follow_ups_asked') }} as asked
    cross join {{ source('computed', 'settings') }} as settings
    left join {{ ref('int_customer_versions') }} as customers
        on asked.customer_id = customers.customer_id and customers.is_current
    left join {{ ref('int_consents_standing') }} as consents
        on asked.customer_id = consents.customer_id
    left join refused_here
        on asked.response_key = refused_here.response_key
    left join {{ ref('int_assignments_held') }} as held
        on asked.follow_up_key = held.follow_up_key
    where held.follow_up_key is null and not {{ is_too_old('asked.submitted_at') }}
),

contacts as (
    select
        customer_id,
        max(last_contact_at) as last_contact_at
    from {{ ref('int_assignments_held') }}
    where customer_id is not null
    group by customer_id
),

barred as (
    select
        fresh.*,
        case
            when not fresh.may_contact then 'not_allowed'
            when
                fresh.kind in ('thank', 'advocate', 'learn') and contacts.last_contact_at > fresh.lately
                then 'recently_contacted'
        end as barred_because
    from fresh
    left join contacts
        on fresh.customer_id = contacts.customer_id
),

-- Where each follow-up of an earlier response of this customer at this touchpoint stood when this one was submitted.
earlier as (
    select
        barred.follow_up_key,
        held.follow_up_key as earlier_key,
        held.received_at,
        max_by(events.status, events.event_id) filter (where events.status is not null) as status_then
    from barred
    inner join {{ ref('int_assignments_held') }} as held
        on
            barred.customer_id = held.customer_id
            and barred.touchpoint_id = held.touchpoint_id
            and (
                held.received_at < barred.submitted_at
                or (held.received_at = barred.submitted_at and held.follow_up_key < barred.follow_up_key)
            )
    left join {{ ref('stg_ledger__events') }} as events
        on held.follow_up_key = events.assignment_key and events.happened_at <= barred.submitted_at
    where barred.join_open and barred.barred_because is null
    group by barred.follow_up_key, held.follow_up_key, held.received_at
),

open_then as (
    select
        follow_up_key,
        earlier_key,
        row_number() over (
            partition by follow_up_key order by received_at desc nulls last, earlier_key asc nulls last
        ) as newest_first
    from earlier
    where status_then is null or not {{ is_over('status_then') }}
),

-- Of what is left, the first of a customer at a touchpoint goes out and the others join it.
firsts as (
    select
        barred.follow_up_key,
        first_value(barred.follow_up_key) over (
            partition by barred.customer_id, barred.touchpoint_id
            order by barred.submitted_at asc nulls last, barred.follow_up_key asc nulls last
        ) as first_key
    from barred
    left join open_then
        on barred.follow_up_key = open_then.follow_up_key
    where
        barred.join_open
        and barred.barred_because is null
        and barred.customer_id is not null
        and open_then.follow_up_key is null
)

select
    barred.follow_up_key,
    barred.response_key,
    barred.source_name,
    barred.survey_id,
    barred.response_id,
    barred.customer_id,
    barred.journey_id,
    barred.touchpoint_id,
    barred.kind,
    barred.rule_id,
    barred.team_id,
    case
        when barred.wanted_owner_id = 'account' then barred.account_owner_id
        else barred.wanted_owner_id
    end as wanted_owner_id,
    barred.clock,
    barred.respond_within_hours,
    barred.segment,
    barred.score_class,
    barred.submitted_at,
    barred.reason,
    case
        when barred.barred_because is not null then barred.barred_because
        when coalesce(open_then.earlier_key, firsts.first_key) <> barred.follow_up_key then 'joined'
    end as withheld_because,
    nullif(coalesce(open_then.earlier_key, firsts.first_key), barred.follow_up_key) as joined_key
from barred
left join open_then
    on barred.follow_up_key = open_then.follow_up_key and open_then.newest_first = 1
left join firsts
    on barred.follow_up_key = firsts.follow_up_key
