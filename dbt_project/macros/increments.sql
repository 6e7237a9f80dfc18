{#-
    How answer-level models follow what is new. A model knows what it was built from by the greatest load_id in it;
    everything that came later touches responses, and the rows of a touched response are made anew as a whole.
    Nothing else is kept, so nothing can drift: a run that was killed leaves a model at its old mark.
-#}

{#- The greatest load that a model was built from; -1 for an empty one. -#}
{% macro watermark(relation) -%}
    (select coalesce(max(built.load_id), -1) from {{ relation }} as built)
{%- endmacro %}


{#-
    Keys of the responses whose inputs are newer than the model at work: a version of their own, their survey's
    definition, or a version of their customer that counts at their time (the first one counts for all before it).
-#}
{% macro touched_responses(mark=none) -%}
    {%- set mark = mark or watermark(this) -%}
    {{ newer_responses(mark=mark) }}
    union
    select responses.response_key
    from {{ ref('stg_raw__responses') }} as responses
    inner join {{ ref('stg_raw__definitions') }} as definitions
        on
            responses.source_name = definitions.source_name
            and responses.survey_id = definitions.survey_id
    where definitions.load_id > {{ mark }}
    union
    select responses.response_key
    from {{ ref('stg_raw__responses') }} as responses
    inner join {{ ref('int_customer_versions') }} as customers
        on responses.customer_id = customers.customer_id
    where
        customers.load_id > {{ mark }}
        and (customers.is_first or responses.submitted_at >= customers.known_from)
{%- endmacro %}


{#- Keys of the responses that have a newer version themselves; `relation` holds versions with their load_id. -#}
{% macro newer_responses(relation=none, mark=none) -%}
    select newer.response_key
    from {{ relation or ref('stg_raw__responses') }} as newer
    where newer.load_id > {{ mark or watermark(this) }}
{%- endmacro %}


{#-
    Incremental strategy `replace_touched`: the rows of touched responses are deleted, what the model makes of them
    now is inserted; an edit may leave fewer rows, or none. On an engine without DELETE this is the seam: the same
    as `insert overwrite` of the partitions that hold a touched response.
-#}
{% macro get_incremental_replace_touched_sql(arg_dict) -%}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set by = config.get('meta', {}).get('touched_by') %}
    delete from {{ target }}
    where response_key in (
        {%- if by == 'arrival' -%} {{ newer_responses(arg_dict['temp_relation']) }}
        {%- elif by == 'versions' -%} {{ newer_responses() }}
        {%- else -%} {{ touched_responses() }}
        {%- endif -%}
    );
    insert into {{ target }} ({{ columns }})
    select {{ columns }}
    from {{ arg_dict['temp_relation'] }}
{%- endmacro %}
