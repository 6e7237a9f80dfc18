{#- Every row has all of these columns, and no two rows share them: they are the key of the model. -#}
{% test keyed_by(model, columns) %}
    select {{ columns | join(', ') }}
    from {{ model }}
    where {{ columns | join(' is null or ') }} is null
    union all
    select {{ columns | join(', ') }}
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}


{#- No row lacks any of these columns. One test for all of them: each costs a round through dbt. -#}
{% test never_missing(model, columns) %}
    select {{ columns | join(', ') }}
    from {{ model }}
    where {{ columns | join(' is null or ') }} is null
{% endtest %}
