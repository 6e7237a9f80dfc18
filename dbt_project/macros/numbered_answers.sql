{#-
    Gives `name`: the answers with numbers for what they are grouped by, out of located, spots and profiles. A cluster is
    most often a respondent, too; respondent_no is there only where a respondent answers for an account.
-#}
{% macro numbered_answers(name, more=[]) -%}
clusters as (
    select
        cluster_key,
        row_number() over (order by cluster_key asc nulls last) as unit_no
    from located
    group by cluster_key
),

for_accounts as (
    select
        respondent_key,
        row_number() over (order by respondent_key asc nulls last) as unit_no
    from located
    where cluster_key <> respondent_key
    group by respondent_key
),

{{ name }} as (
    select
        located.local_date,
        spots.spot_no,
        spots.kind_no,
        profiles.profile_no,
        clusters.unit_no as cluster_no,
        for_accounts.unit_no as respondent_no,
        located.weight,
        located.weight * located.code as weighted_code,
        located.good,
        located.bad,
        located.value,
        {%- for column in more %}
        located.{{ column }},
        {%- endfor %}
        located.load_id
    from located
    inner join spots
        on
            located.journey_id = spots.journey_id and located.touchpoint_id = spots.touchpoint_id
            and located.survey_kind = spots.survey_kind and located.metric = spots.metric
            and located.scale_min = spots.scale_min and located.scale_max = spots.scale_max
    inner join profiles
        on located.profile = profiles.profile
    inner join clusters
        on located.cluster_key = clusters.cluster_key
    left join for_accounts
        on located.respondent_key = for_accounts.respondent_key
)
{%- endmacro %}
