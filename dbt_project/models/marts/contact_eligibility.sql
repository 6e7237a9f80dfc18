-- One row per customer and purpose (follow_up, announcement, survey): may we contact this customer now, if not why not,
-- and from when on again. For a follow-up only an earlier contact about one counts, a survey never; for the others
-- letters and surveys count, and who still waits for an answer is asked nothing.
{{ config(materialized='view') }}

with purposes as (
    select 'follow_up' as purpose
    union all
    select 'announcement' as purpose
    union all
    select 'survey' as purpose
),

-- Who wants no letter about an own answer wants none about those of others either.
told as (
    select
        purposes.purpose,
        preferences.customer_key,
        min(case when not preferences.is_allowed then preferences.told_at end) as refused_at,
        max(case when preferences.is_allowed then preferences.told_at end) as allowed_at
    from purposes
    inner join {{ ref('stg_ledger__preferences') }} as preferences
        on
            preferences.purpose in (purposes.purpose, 'all')
            or (
                purposes.purpose = 'announcement' and preferences.purpose = 'follow_up' and not preferences.is_allowed
            )
    group by purposes.purpose, preferences.customer_key
),

followed as (
    select
        customer_id,
        max(last_contact_at) as last_contact_at,
        max(last_letter_at) as last_letter_at
    from {{ ref('int_assignments_held') }}
    where customer_id is not null
    group by customer_id
),

known as (
    select
        customers.customer_id,
        purposes.purpose,
        coalesce(versions.may_contact, true) as may_contact,
        told.refused_at,
        told.allowed_at,
        consents.is_given,
        consents.told_at as consent_told_at,
        purposes.purpose <> 'follow_up' and customers.open_follow_ups > 0 as is_waiting,
        case
            when purposes.purpose = 'follow_up' then followed.last_contact_at
            else followed.last_letter_at
        end as last_contact_at,
        case when purposes.purpose <> 'follow_up' then customers.last_answer_at end as last_answer_at,
        {{ seconds_later('settings.now', '-86400e0 * settings.days_between') }} as lately,
        86400e0 * settings.days_between as seconds_between
    from {{ ref('customers') }} as customers
    cross join purposes
    cross join {{ source('computed', 'settings') }} as settings
    left join {{ ref('int_customer_versions') }} as versions
        on customers.customer_id = versions.customer_id and versions.is_current
    left join told
        on customers.customer_id = told.customer_key and purposes.purpose = told.purpose
    left join {{ ref('int_consents_standing') }} as consents
        on customers.customer_id = consents.customer_id
    left join followed
        on customers.customer_id = followed.customer_id
),

judged as (
    select
        known.*,
        case
            when not may_contact then 'do_not_contact'
            when refused_at is not null then 'unsubscribed'
            when consent_told_at is not null and not coalesce(is_given, false) and not coalesce(
                allowed_at >= consent_told_at, false
            ) then case when is_given is null then 'consent_unclear' else 'no_consent' end
            when is_waiting then 'open_follow_up'
            when last_contact_at > lately and last_contact_at >= coalesce(last_answer_at, last_contact_at)
                then 'recently_contacted'
            when last_answer_at > lately then 'recently_asked'
        end as reason
    from known
)

select
    customer_id,
    purpose,
    reason is null as may_contact,
    reason,
    case reason
        when 'recently_contacted' then {{ seconds_later('last_contact_at', 'seconds_between') }}
        when 'recently_asked' then {{ seconds_later('last_answer_at', 'seconds_between') }}
    end as next_allowed_at
from judged
