-- One row per version of a Qualtrics response and embedded datum, the recipient's contact details included.
{%- set of_the_tool = "('startdate', 'enddate', 'status', 'ipaddress', 'progress', 'duration', 'finished',
    'recordeddate', '_recordid', 'locationlatitude', 'locationlongitude', 'externaldatareference', 'externalreference',
    'distributionchannel', 'userlanguage', 'lastmodifieddate', '_lastmodifieddate')" %}

with versions as (
    select
        response_key,
        load_id,
        sequence,
        payload
    from {{ ref('stg_raw__response_versions') }}
    where tool = 'qualtrics' and not is_deleted
),

told as (
    select
        response_key,
        load_id,
        sequence,
        case name
            when 'recipientEmail' then 'email'
            when 'recipientFirstName' then 'first_name'
            when 'recipientLastName' then 'last_name'
            else name
        end as name,
        {{ filled('value') }} as value,
        case when name in ('recipientEmail', 'recipientFirstName', 'recipientLastName') then 1 else 0 end as place
    from {{ json_members('versions', json_part('payload', 'values')) }}
    where
        not {{ holds('name', "'^([0-9]+_)?QID[0-9]+(_.*)?$'") }}
        and lower(name) not in {{ of_the_tool }}
        and {{ filled('value') }} is not null
),

-- An embedded datum wins over what is known of the recipient under the same name.
kept as (
    select
        told.*,
        row_number() over (
            partition by response_key, load_id, sequence, name order by place asc nulls last
        ) as strongest_first
    from told
)

select
    response_key,
    load_id,
    sequence,
    name,
    value,
    {{ contact_kind('name') }} is not null or {{ holds_address('value') }} as is_contact
from kept
where strongest_first = 1
