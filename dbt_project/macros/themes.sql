{#-
    Themes in comments. Patterns stand in the SQL as constants, because engines read a constant once and a column
    anew for every row. Comments meet the patterns of their language in three steps, each of fewer comments: all
    patterns at once, then few at once, then one by one, exactly.
-#}

{#- How many steps one pattern of the first step may have, and how many patterns meet at once in the second. -#}
{% macro most_steps_at_once() -%}{{ return(200000) }}{%- endmacro %}
{% macro patterns_at_once() -%}{{ return(8) }}{%- endmacro %}


{#- The patterns as rows (pattern_no, theme_id, language, plain, marked, steps); none before the first build. -#}
{% macro theme_patterns() -%}
    {%- set relation = load_relation(source('computed', 'theme_patterns')) if execute -%}
    {%- if not relation -%}{{ return([]) }}{%- endif -%}
    {%- set found = run_query('select * from ' ~ relation ~ ' order by pattern_no asc nulls last') -%}
    {%- set rows = [] -%}
    {%- for row in found.rows -%}
        {%- do rows.append({
            'pattern_no': row['pattern_no'] | int, 'language': row['language'], 'plain': row['plain'],
            'marked': row['marked'], 'steps': row['steps'] | int
        }) -%}
    {%- endfor -%}
    {{ return(rows) }}
{%- endmacro %}


{#- The patterns by language: [[language, patterns], …]. -#}
{% macro patterns_by_language(patterns) -%}
    {%- set languages = {} -%}
    {%- for pattern in patterns -%}
        {%- do languages.setdefault(pattern.language, []).append(pattern) -%}
    {%- endfor -%}
    {{ return(languages.items() | list) }}
{%- endmacro %}


{#- Is a comment in the language of a pattern? `spoken` is its tag, lower case, with a hyphen behind it. -#}
{% macro is_spoken(language) -%}
    {%- if language == '*' -%} true
    {%- else -%} spoken like {{ literal(language | lower | replace('_', '-') ~ '-%') }}
    {%- endif -%}
{%- endmacro %}


{#- May a text match any of the patterns? Those that an engine holds in memory at once are one pattern. -#}
{% macro matches_any(text, patterns) -%}
    {%- set chunks, state = [[]], namespace(steps=0) -%}
    {%- for pattern in patterns -%}
        {%- if state.steps + pattern.steps > most_steps_at_once() and chunks[-1] -%}
            {%- do chunks.append([]) -%}
            {%- set state.steps = 0 -%}
        {%- endif -%}
        {%- do chunks[-1].append(pattern.plain) -%}
        {%- set state.steps = state.steps + pattern.steps -%}
    {%- endfor -%}
    (
        {%- for chunk in chunks %}
        {{ matches(text, chunk | join('|')) }}
        {{- ' or' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}


{#- May a comment (spoken, plain) match any of the patterns of its language? -#}
{% macro may_match(patterns) -%}
    {%- for language, spoken_patterns in patterns_by_language(patterns) %}
    ({{ is_spoken(language) }} and {{ matches_any('plain', spoken_patterns) }})
    {{- ' or' if not loop.last }}
    {%- else -%}
    false
    {%- endfor %}
{%- endmacro %}


{#-
    The numbers of those of few patterns that a comment (plain, marked) matches, one by one. The plain text is looked at
    first, as marks cost an engine its short cuts.
-#}
{% macro number_of_each(few) -%}
    (
        ''
        {%- for pattern in few %}
        || case
            when {{ matches('plain', pattern.plain) }}
                {%- if pattern.marked %} and {{ matches('marked', pattern.marked) }}{% endif %}
                then '{{ pattern.pattern_no }};'
            else ''
        end
        {%- endfor %}
    )
{%- endmacro %}


{#-
    The numbers of the patterns that a comment (spoken, plain, marked) matches, each with a semicolon behind it. Where
    all patterns of a language are few, they met the comment at once before.
-#}
{% macro numbers_of_matches(patterns) -%}
    {%- if not patterns -%} '' {%- endif -%}
    {%- for language, spoken_patterns in patterns_by_language(patterns) %}
    case
        when {{ is_spoken(language) }}
            then
                ''
                {%- for few in spoken_patterns | batch(patterns_at_once()) %}
                {%- if loop.length == 1 %}
                || {{ number_of_each(few) }}
                {%- else %}
                || case when {{ matches_any('plain', few) }} then {{ number_of_each(few) }} else '' end
                {%- endif %}
                {%- endfor %}
        else ''
    end
    {{- ' ||' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
