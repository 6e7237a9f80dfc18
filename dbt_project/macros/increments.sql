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
    Keys of the responses whose inputs are newer than `responses`, the model at work: a version of their own, their
    survey's definition, or a version of their customer that counts at their time (the first one counts for all before).
-#}
{% macro responses_with_newer_inputs() -%}
    {{ newer_responses() }}
    union
    select responses.response_key
    from {{ ref('stg_raw__responses') }} as responses
    inner join {{ ref('stg_raw__definitions') }} as definitions
        on
            responses.source_name = definitions.source_name
            and responses.survey_id = definitions.survey_id
    where definitions.load_id > {{ watermark(this) }}
    union
    select responses.response_key
    from {{ ref('stg_raw__responses') }} as responses
    inner join {{ ref('int_customer_versions') }} as customers
        on responses.customer_id = customers.customer_id
    where
        customers.load_id > {{ watermark(this) }}
        and (customers.is_first or responses.submitted_at >= customers.known_from)
{%- endmacro %}


{#-
    Keys of the responses that the model at work has to make anew: those whose row in `responses` is newer, as that row
    carries the newest load of all that it was made of, and those with a newer version, which may stand no more.
-#}
{% macro touched_responses(mark=none) -%}
    {{ newer_responses(mark=mark) }}
    union
    {{ newer_responses(ref('responses'), mark) }}
{%- endmacro %}


{#-
    Is a row of a response newer than the model at work? So of `responses` and of what takes its load_id from there the
    touched rows are found without a join, and engines that know what the parts of a table hold read but the last.
-#}
{% macro is_newer(load_id) -%}
    {{ load_id }} > {{ watermark(this) }}
{%- endmacro %}


{#-
    The rows of touched responses out of what was read of their versions (and carries the version's load_id). Most came
    with a newer version and are found by that; only where customers or definitions changed is it looked for by key.
-#}
{% macro rows_of_touched(relation) -%}
    select * from {{ relation }}
    {%- if is_incremental() %}
    where {{ is_newer('load_id') }}
    union all
    select * from {{ relation }}
    where
        not {{ is_newer('load_id') }}
        and response_key in (
            select standing.response_key
            from {{ ref('responses') }} as standing
            where
                {{ is_newer('standing.load_id') }}
                and standing.response_key not in ({{ newer_responses() }})
        )
    {%- endif %}
{%- endmacro %}


{#- Keys of the responses that have a newer version themselves; `relation` holds versions with their load_id. -#}
{% macro newer_responses(relation=none, mark=none) -%}
    select newer.response_key
    from {{ relation or ref('stg_raw__responses') }} as newer
    where newer.load_id > {{ mark or watermark(this) }}
{%- endmacro %}


{#-
    Incremental strategy `replace_touched`: the rows of touched responses are deleted, what the model makes of them
    now is inserted; an edit may leave fewer rows, or none. The keys are put down first, so that the engine knows that
    they are few. On an engine without DELETE this is the seam: the same as `insert overwrite` of the partitions that
    hold a touched response.
-#}
{% macro get_incremental_replace_touched_sql(arg_dict) -%}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    {%- set by = config.get('meta', {}).get('touched_by') %}
    {%- set keys = target.identifier ~ '__touched' %}
    create or replace temporary table {{ keys }} as
        {%- if by == 'arrival' %} {{ newer_responses(arg_dict['temp_relation']) }}
        {%- elif by == 'versions' %} {{ newer_responses() }}
        {%- elif by == 'inputs' %} {{ responses_with_newer_inputs() }}
        {%- else %} {{ touched_responses() }}
        {%- endif %};
    delete from {{ target }}
    where response_key in (select touched.response_key from {{ keys }} as touched);
    insert into {{ target }} ({{ columns }})
    select {{ columns }}
    from {{ arg_dict['temp_relation'] }};
    drop table {{ keys }}
{%- endmacro %}
