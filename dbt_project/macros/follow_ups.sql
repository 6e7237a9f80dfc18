{#- What several models of the inner loop agree on. -#}

{#- Is a follow-up over: nothing more will be done about it? -#}
{% macro is_over(status) -%}{{ status }} in ('closed', 'declined', 'withdrawn'){%- endmacro %}


{#- Is an instant older than what may still become a letter? `settings` is the relation of that name. -#}
{% macro is_too_old(instant) -%}
    {{ instant }} < {{ seconds_later('settings.now', '-86400e0 * settings.within_days') }}
{%- endmacro %}


{#-
    The pairs of a cell such as `store=17;region=north`: every column of the relation, with pair_name (lower case)
    and pair_value.
-#}
{% macro pairs_of(relation, text) -%}
    select
        parts.*,
        lower(trim(substring(parts.part, 1, position('=' in parts.part) - 1))) as pair_name,
        trim(substring(parts.part, position('=' in parts.part) + 1)) as pair_value
    from {{ text_parts(relation, text, ';') }}
    where position('=' in parts.part) > 1
{%- endmacro %}


{#-
    Deals follow-ups to the least loaded of their pool, as one would who hands them out one by one: each next one to
    whoever has the fewest, ties by owner_id. The places that each owner offers are ranked by how much lies there
    already, and the n-th follow-up takes the n-th place; a place above the water never fills, so it is left out.
    asked: follow_up_key, pool, place (1, 2, … within the pool); members: pool, owner_id; loads: owner_id, load_now.
-#}
{% macro dealt_evenly(asked, members, loads) -%}
    select
        asked.follow_up_key,
        places.owner_id
    from {{ asked }} as asked
    inner join (
        select
            offered.pool,
            offered.owner_id,
            row_number() over (
                partition by offered.pool order by offered.height asc nulls last, offered.owner_id asc nulls last
            ) as place
        from (
            select
                members.pool,
                members.owner_id,
                members.load_now + asked.place - 1 as height
            from (
                select
                    members.pool,
                    members.owner_id,
                    coalesce(loads.load_now, 0) as load_now,
                    cast(sum(coalesce(loads.load_now, 0)) over (partition by members.pool) as bigint) as pool_load,
                    count(*) over (partition by members.pool) as pool_size
                from {{ members }} as members
                left join {{ loads }} as loads
                    on members.owner_id = loads.owner_id
            ) as members
            inner join (
                select
                    asked.pool,
                    asked.place,
                    count(*) over (partition by asked.pool) as asked_count
                from {{ asked }} as asked
            ) as asked
                on members.pool = asked.pool
            where
                (members.load_now + asked.place - 1) * members.pool_size <= members.pool_load + asked.asked_count
        ) as offered
    ) as places
        on asked.pool = places.pool and asked.place = places.place
{%- endmacro %}


{#- Is a language the wanted one? `pt` takes in `pt-BR`, not the other way round. -#}
{% macro speaks(language, wanted) -%}
    lower({{ language }}) || '-' like lower(replace({{ wanted }}, '_', '-')) || '-%'
{%- endmacro %}


{#- An answer in a few words: `NPS 3 of 10`, `comment`. -#}
{% macro said_in_words(metric, value, scale_max) -%}
    case {{ metric }}
        when 'nps' then 'NPS'
        when 'enps' then 'eNPS'
        when 'csat' then 'CSAT'
        when 'ces' then 'CES'
        when 'rating' then 'Rating'
        when 'theme_code' then 'coded comment'
        else 'comment'
    end
    || coalesce(' ' || {{ plain_number(value) }} || ' of ' || {{ plain_number(scale_max) }}, '')
{%- endmacro %}


{#- A number without needless digits: `3`, `3.5`. -#}
{% macro plain_number(number) -%}
    case
        when {{ number }} = round({{ number }}, 0) then cast(cast(round({{ number }}, 0) as bigint) as {{ dbt.type_string() }})
        else cast({{ number }} as {{ dbt.type_string() }})
    end
{%- endmacro %}


{#- Open follow-ups of each owner, with those dealt before (owner_id, is_withheld) that will go out. -#}
{% macro loads_with(dealt) -%}
    select
        loads.owner_id,
        cast(sum(loads.load_now) as bigint) as load_now
    from (
        select
            open_now.owner_id,
            open_now.load_now
        from open_now
        union all
        select
            dealt.owner_id,
            1 as load_now
        from {{ dealt }} as dealt
        where not dealt.is_withheld
    ) as loads
    group by loads.owner_id
{%- endmacro %}


{#- Open seconds of a calendar up to an instant; `openings` is the row of int_openings_bounded that it lies in. -#}
{% macro open_seconds_until(instant, openings) -%}
    {{ openings }}.open_seconds_before
    + case
        when {{ instant }} > {{ openings }}.opens_at
            then {{ seconds_between(openings ~ '.opens_at', instant) }}
        else 0
    end
{%- endmacro %}


{#- The join condition that finds that row. -#}
{% macro lies_in(instant, relation, openings) -%}
    {{ relation }}.calendar_id = {{ openings }}.calendar_id
    and {{ relation }}.timezone = {{ openings }}.timezone
    and {{ instant }} >= {{ openings }}.closed_from
    and {{ instant }} < {{ openings }}.closes_at
{%- endmacro %}
