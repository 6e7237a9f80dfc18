-- One row per cell of int_metric_cells_summed (period, period start, journey, touchpoint, segment type, segment, survey
-- kind, metric) that this build adds answers to, in periods where none of the older ones changed: its sums with what
-- came. Read are the new answers, and all of the accounts and respondents who gave them. Empty in a full build.
{#- Asked for by name, not by ref: what the build before left is wanted, before this build changes it. -#}
{%- set summed = adapter.get_relation(this.database, 'intermediate', 'int_metric_cells_summed') if execute %}
{%- set periods = ['day', 'week', 'month', 'quarter'] %}
{%- set cell = sums_of_cell() %}

-- depends_on: {{ ref('int_periods_touched') }}
-- depends_on: {{ ref('int_scores_located') }}
-- depends_on: {{ ref('responses') }}
-- depends_on: {{ ref('response_properties') }}
{%- if not summed or flags.FULL_REFRESH %}
select
    {%- for column in cell_key() %}
    cast(null as {{ 'date' if column == 'period_start' else dbt.type_string() }}) as {{ column }},
    {%- endfor %}
    {%- for column in ['answer_count', 'respondent_count', 'cluster_count', 'load_id'] %}
    cast(null as bigint) as {{ column }},
    {%- endfor %}
    {%- for column in cell.changed %}
    cast(null as double) as {{ column }}_of_answers,
    {%- endfor %}
    {%- for column in cell.sums + cell.least + cell.greatest if column != 'load_id' %}
    cast(null as double) as {{ column }},
    {%- endfor %}
    cast(null as bigint) as added_to_load_id
from {{ source('computed', 'settings') }}
where is_daily is null
{%- else %}

with growing as (
    select
        period,
        period_start
    from {{ ref('int_periods_touched') }}
    where not is_rewritten
),

mark as (
    select {{ watermark(summed) }} as load_id
),

-- Of a response that was seen before no answer is counted here: all its periods are rewritten.
came as (
    select
        cluster_key,
        respondent_key
    from {{ ref('int_scores_located') }}
    where load_id > (select mark.load_id from mark)
),

located as (
    select
        *,
        load_id <= (select mark.load_id from mark) as is_known
    from {{ ref('int_scores_located') }}
    where
        respondent_key in (select came.respondent_key from came)
        or cluster_key in (select came.cluster_key from came)
),

{{ numbered_places('located') }},
{{ numbered_profiles('located') }},
{{ numbered_answers('numbered', ['is_known']) }},
{{ repeated_units('numbered', ['is_known']) }},
{{ changes_by_units([periods], growing=true) }},

scores as (
    select * from numbered
    where not is_known
),

{{ answers_by_period(periods) }},

added as (
    select
        answers.*,
        places.journey_id,
        places.touchpoint_id,
        segments.segment_type,
        segments.segment,
        places.survey_kind,
        places.metric,
        {%- for column in cell.changed %}
        coalesce(changes.{{ column }}, 0e0) as {{ column }}_change,
        {%- endfor %}
        coalesce(changes.respondent_count, 0) as respondent_change,
        coalesce(changes.cluster_count, 0) as cluster_change
    from answers
    inner join growing
        on answers.period = growing.period and answers.period_start = growing.period_start
    inner join places
        on answers.place_no = places.place_no
    inner join segments
        on answers.segment_no = segments.segment_no
    left join changes
        on
            answers.period = changes.period and answers.period_start = changes.period_start
            and answers.place_no = changes.place_no and answers.segment_no = changes.segment_no
),

-- Asked for apart, so that the few that are added to are hashed, and not the many that stand.
made as (
    select cells.*
    from {{ summed }} as cells
    inner join added
        on {{ same_cell('cells', 'added') }}
)

select
    {%- for column in cell_key() %}
    added.{{ column }},
    {%- endfor %}
    coalesce(made.answer_count, 0) + added.answer_count as answer_count,
    {%- for unit in ['respondent', 'cluster'] %}
    coalesce(made.{{ unit }}_count, 0) + added.answer_count + added.{{ unit }}_change as {{ unit }}_count,
    {%- endfor %}
    {%- for column in cell.changed %}
    coalesce(made.{{ column }}_of_answers, 0e0) + added.{{ column }} as {{ column }}_of_answers,
    {%- endfor %}
    {%- for column in cell.sums %}
    coalesce(made.{{ column }}, 0e0) + added.{{ column }}
    {{- ' + added.' ~ column ~ '_change' if column in cell.changed }} as {{ column }},
    {%- endfor %}
    {%- for column in cell.least %}
    least(made.{{ column }}, added.{{ column }}) as {{ column }},
    {%- endfor %}
    {%- for column in cell.greatest %}
    greatest(made.{{ column }}, added.{{ column }}) as {{ column }},
    {%- endfor %}
    mark.load_id as added_to_load_id
from added
cross join mark
left join made
    on {{ same_cell('added', 'made') }}
{%- endif %}
