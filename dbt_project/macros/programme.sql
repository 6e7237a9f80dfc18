{#-
    A programme table as people have it now: the rows of its newest version, each cell typed. Columns are given as
    {name: type}; types are text, number, whole, yes_no, date, time. An empty cell is null.
-#}
{% macro programme_table(table, columns) -%}
with newest as (
    select max(version_no) as version_no
    from {{ source('raw', 'programme_versions') }}
    where table_name = '{{ table }}'
),

source as (
    select programme_rows.*
    from {{ source('raw', 'programme_rows') }} as programme_rows
    inner join newest
        on programme_rows.version_no = newest.version_no
    where programme_rows.table_name = '{{ table }}'
)

select
    {%- for name, type in columns.items() %}
    {{ programme_cell(json_text('cells', name), type) }} as {{ name }},
    {%- endfor %}
    line_no
from source
{%- endmacro %}


{% macro programme_cell(text, type) -%}
    {%- if type == 'number' -%} {{ number_of(text) }}
    {%- elif type == 'whole' -%} try_cast(round({{ number_of(text) }}, 0) as bigint)
    {%- elif type == 'yes_no' -%} {{ yes_or_no(text) }}
    {%- elif type == 'date' -%} try_cast({{ text }} as date)
    {%- else -%} {{ filled(text) }}
    {%- endif -%}
{%- endmacro %}
