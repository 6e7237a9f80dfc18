-- One row per response and property: hidden fields, variables and columns that were kept with the answers.
-- What holds contact details is not here but in private.contacts.
{{ config(materialized='view') }}

select
    response_key,
    name,
    value,
    load_id
from {{ ref('int_properties_read') }}
where not is_contact
