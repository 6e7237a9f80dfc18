{#-
    The seams between engines, all of them and only here: everything else is SQL that DuckDB and Spark read alike.
    Every seam is dispatched; arguments are SQL expressions, keys and types are plain words.
-#}

{#- A member of a JSON object as text; null where it is missing or null. The path is made of plain member names. -#}
{% macro json_text(json, key) -%}{{ return(adapter.dispatch('json_text', 'heardback')(json, key)) }}{%- endmacro %}
{% macro duckdb__json_text(json, key) -%}json_extract_string({{ json }}, '$.{{ key }}'){%- endmacro %}
{% macro spark__json_text(json, key) -%}get_json_object({{ json }}, '$.{{ key }}'){%- endmacro %}


{#- A member of a JSON object as JSON again. -#}
{% macro json_part(json, key) -%}{{ return(adapter.dispatch('json_part', 'heardback')(json, key)) }}{%- endmacro %}
{% macro duckdb__json_part(json, key) -%}json_extract({{ json }}, '$.{{ key }}'){%- endmacro %}
{% macro spark__json_part(json, key) -%}get_json_object({{ json }}, '$.{{ key }}'){%- endmacro %}


{#- One row per member of a JSON object: `from {{ json_members('relation', 'expression') }}` gives name and value. -#}
{% macro json_members(relation, json) -%}
    {{ return(adapter.dispatch('json_members', 'heardback')(relation, json)) }}
{%- endmacro %}
{% macro duckdb__json_members(relation, json) -%}
    (
        select
            opened.* exclude (member),
            opened.member.key as name,
            opened.member.value as value
        from (
            select
                whole.*,
                unnest(map_entries(try_cast({{ json }} as map(varchar, varchar)))) as member
            from {{ relation }} as whole
        ) as opened
    ) as members
{%- endmacro %}
{% macro spark__json_members(relation, json) -%}
    (
        select
            whole.*,
            entry.name,
            entry.value
        from {{ relation }} as whole
        lateral view explode(from_json({{ json }}, 'map<string,string>')) entry as name, value
    ) as members
{%- endmacro %}


{#- One row per item of a JSON array: gives item (JSON) and position, from 1. -#}
{% macro json_items(relation, json) -%}
    {{ return(adapter.dispatch('json_items', 'heardback')(relation, json)) }}
{%- endmacro %}
{% macro duckdb__json_items(relation, json) -%}
    (
        select
            listed.* exclude (all_items),
            unnest(listed.all_items) as item,
            generate_subscripts(listed.all_items, 1) as position
        from (
            select
                whole.*,
                json_extract({{ json }}, '$[*]') as all_items
            from {{ relation }} as whole
        ) as listed
    ) as items
{%- endmacro %}
{% macro spark__json_items(relation, json) -%}
    (
        select
            whole.*,
            cast(entry.place + 1 as bigint) as position,
            entry.item
        from {{ relation }} as whole
        lateral view posexplode(from_json({{ json }}, 'array<string>')) entry as place, item
    ) as items
{%- endmacro %}


{#- The plain text of a JSON string or number standing alone (an item of an array). -#}
{% macro json_scalar(json) -%}{{ return(adapter.dispatch('json_scalar', 'heardback')(json)) }}{%- endmacro %}
{% macro duckdb__json_scalar(json) -%}json_extract_string({{ json }}, '$'){%- endmacro %}
{% macro spark__json_scalar(json) -%}{{ json }}{%- endmacro %}


{#- A text that is JSON as JSON; null where it is none. -#}
{% macro valid_json(text) -%}{{ return(adapter.dispatch('valid_json', 'heardback')(text)) }}{%- endmacro %}
{% macro duckdb__valid_json(text) -%}try_cast({{ text }} as json){%- endmacro %}
{% macro spark__valid_json(text) -%}{{ text }}{%- endmacro %}


{#- A text without the tags of HTML, each of which becomes a blank. -#}
{% macro without_tags(text) -%}{{ return(adapter.dispatch('without_tags', 'heardback')(text)) }}{%- endmacro %}
{% macro duckdb__without_tags(text) -%}regexp_replace({{ text }}, '<[A-Za-z/!][^>]*>', ' ', 'g'){%- endmacro %}
{% macro spark__without_tags(text) -%}regexp_replace({{ text }}, '<[A-Za-z/!][^>]*>', ' '){%- endmacro %}


{#- A key out of several columns: the MD5 of their texts, told apart by a bar. Nulls count as empty. -#}
{% macro key_of(columns) -%}
    md5({% for column in columns %}coalesce(cast({{ column }} as {{ dbt.type_string() }}), ''){{ " || '|' || " if not loop.last }}{% endfor %})
{%- endmacro %}


{#- The wall clock of a zone at an instant (UTC, without a zone), and back. Times that come twice mean the first. -#}
{% macro local_time(instant, zone) -%}{{ return(adapter.dispatch('local_time', 'heardback')(instant, zone)) }}{%- endmacro %}
{% macro duckdb__local_time(instant, zone) -%}timezone({{ zone }}, timezone('UTC', {{ instant }})){%- endmacro %}
{% macro spark__local_time(instant, zone) -%}from_utc_timestamp({{ instant }}, {{ zone }}){%- endmacro %}

{% macro utc_time(wall_clock, zone) -%}{{ return(adapter.dispatch('utc_time', 'heardback')(wall_clock, zone)) }}{%- endmacro %}
{% macro duckdb__utc_time(wall_clock, zone) -%}timezone('UTC', timezone({{ zone }}, {{ wall_clock }})){%- endmacro %}
{% macro spark__utc_time(wall_clock, zone) -%}to_utc_timestamp({{ wall_clock }}, {{ zone }}){%- endmacro %}


{#- An ISO 8601 time with its offset, as UTC without a zone; null where it is none. -#}
{% macro iso_time(text) -%}{{ return(adapter.dispatch('iso_time', 'heardback')(text)) }}{%- endmacro %}
{% macro duckdb__iso_time(text) -%}timezone('UTC', try_cast({{ text }} as timestamp with time zone)){%- endmacro %}
{% macro spark__iso_time(text) -%}to_utc_timestamp(try_cast({{ text }} as timestamp), current_timezone()){%- endmacro %}


{#- Seconds from one instant to another, a double. -#}
{% macro seconds_between(earlier, later) -%}
    {{ return(adapter.dispatch('seconds_between', 'heardback')(earlier, later)) }}
{%- endmacro %}
{% macro duckdb__seconds_between(earlier, later) -%}(epoch({{ later }}) - epoch({{ earlier }})){%- endmacro %}
{% macro spark__seconds_between(earlier, later) -%}
    (cast(unix_micros({{ later }}) - unix_micros({{ earlier }}) as double) / 1e6)
{%- endmacro %}


{#- An instant moved by a number of seconds (an expression, whole or not). -#}
{% macro seconds_later(instant, seconds) -%}
    {{ return(adapter.dispatch('seconds_later', 'heardback')(instant, seconds)) }}
{%- endmacro %}
{% macro duckdb__seconds_later(instant, seconds) -%}
    ({{ instant }} + to_microseconds(cast(round(({{ seconds }}) * 1e6) as bigint)))
{%- endmacro %}
{% macro spark__seconds_later(instant, seconds) -%}
    timestampadd(microsecond, cast(round(({{ seconds }}) * 1e6) as bigint), {{ instant }})
{%- endmacro %}


{#- Does the text hold something that the pattern describes? Patterns keep to what RE2 and Java share. -#}
{% macro holds(text, pattern) -%}{{ return(adapter.dispatch('holds', 'heardback')(text, pattern)) }}{%- endmacro %}
{% macro duckdb__holds(text, pattern) -%}regexp_matches({{ text }}, {{ pattern }}){%- endmacro %}
{% macro spark__holds(text, pattern) -%}regexp_like({{ text }}, {{ pattern }}){%- endmacro %}


{#- One row per part of a text that a mark divides (`a;b`): gives part, without surrounding blanks. -#}
{% macro text_parts(relation, text, mark) -%}
    {{ return(adapter.dispatch('text_parts', 'heardback')(relation, text, mark)) }}
{%- endmacro %}
{% macro duckdb__text_parts(relation, text, mark) -%}
    (
        select
            opened.* exclude (part),
            trim(opened.part) as part
        from (
            select
                whole.*,
                unnest(string_split({{ text }}, '{{ mark }}')) as part
            from {{ relation }} as whole
        ) as opened
    ) as parts
{%- endmacro %}
{% macro spark__text_parts(relation, text, mark) -%}
    (
        select
            whole.*,
            trim(entry.part) as part
        from {{ relation }} as whole
        lateral view explode(split({{ text }}, '{{ mark }}')) entry as part
    ) as parts
{%- endmacro %}


{#- The texts of a group in one, in their own order, divided by semicolons (an aggregate). -#}
{% macro joined_in_order(text) -%}{{ return(adapter.dispatch('joined_in_order', 'heardback')(text)) }}{%- endmacro %}
{% macro duckdb__joined_in_order(text) -%}string_agg({{ text }}, ';' order by {{ text }} asc nulls last){%- endmacro %}
{% macro spark__joined_in_order(text) -%}array_join(array_sort(collect_list({{ text }})), ';'){%- endmacro %}


{#- Does a condition hold for any part of a text that a mark divides? `part` is what the condition calls it. -#}
{% macro any_part(text, mark, part, condition) -%}
    {{ return(adapter.dispatch('any_part', 'heardback')(text, mark, part, condition)) }}
{%- endmacro %}
{% macro duckdb__any_part(text, mark, part, condition) -%}
    coalesce(len(list_filter(string_split({{ text }}, '{{ mark }}'), lambda {{ part }}: {{ condition }})) > 0, false)
{%- endmacro %}
{% macro spark__any_part(text, mark, part, condition) -%}
    coalesce(exists(split({{ text }}, '{{ mark }}'), {{ part }} -> {{ condition }}), false)
{%- endmacro %}


{#- A whole number with a comma between thousands: `12,345`. -#}
{% macro grouped_number(number) -%}{{ return(adapter.dispatch('grouped_number', 'heardback')(number)) }}{%- endmacro %}
{% macro duckdb__grouped_number(number) -%}format('{:,}', cast(round({{ number }}, 0) as bigint)){%- endmacro %}
{% macro spark__grouped_number(number) -%}format_number(cast(round({{ number }}, 0) as bigint), 0){%- endmacro %}


{#- A plain text as a literal of SQL. -#}
{% macro literal(text) -%}{{ return(adapter.dispatch('literal', 'heardback')(text)) }}{%- endmacro %}
{% macro duckdb__literal(text) -%}'{{ text | replace("'", "''") }}'{%- endmacro %}
{% macro spark__literal(text) -%}'{{ text | replace('\\', '\\\\') | replace("'", "\\'") }}'{%- endmacro %}


{#-
    Characters that are composed already and that no other joins: a text of these alone is NFC, and looking at it takes
    a fifth of the time that normalising it takes. Latin, Greek, Cyrillic, Hebrew, Arabic, Chinese, Japanese, Korean.
-#}
{% macro always_composed() -%}
    \x{00}-\x{02ff}\x{0390}-\x{0482}\x{048a}-\x{052f}\x{05d0}-\x{05ea}\x{060c}\x{061b}\x{061f}-\x{064a}
    {{- '\\x{0660}-\\x{066f}\\x{0671}-\\x{06d3}\\x{06f0}-\\x{06f9}\\x{200b}-\\x{200f}\\x{2010}-\\x{2060}' -}}
    {{- '\\x{3000}-\\x{3029}\\x{3041}-\\x{3096}\\x{30a1}-\\x{30fa}\\x{4e00}-\\x{9fff}\\x{ac00}-\\x{d7a3}' -}}
{%- endmacro %}


{#- A text in the composed form of Unicode (NFC). Spark has none of its own: its session registers `nfc`. -#}
{% macro composed(text) -%}{{ return(adapter.dispatch('composed', 'heardback')(text)) }}{%- endmacro %}
{% macro duckdb__composed(text) -%}
    case when regexp_matches({{ text }}, '[^{{ always_composed() }}]') then nfc_normalize({{ text }}) else {{ text }} end
{%- endmacro %}
{% macro spark__composed(text) -%}nfc({{ text }}){%- endmacro %}


{#- Does a text match a pattern (a plain text, known when SQL is made), without case in any alphabet? -#}
{% macro matches(text, pattern) -%}{{ return(adapter.dispatch('matches', 'heardback')(text, pattern)) }}{%- endmacro %}
{% macro duckdb__matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ literal('(?i)' ~ pattern) }})
{%- endmacro %}
{% macro spark__matches(text, pattern) -%}regexp_like({{ text }}, {{ literal('(?iu)' ~ pattern) }}){%- endmacro %}


{#- A text in which every match of a pattern stands between two given texts. -#}
{% macro surrounded(text, pattern, before, after) -%}
    {{ return(adapter.dispatch('surrounded', 'heardback')(text, pattern, before, after)) }}
{%- endmacro %}
{% macro duckdb__surrounded(text, pattern, before, after) -%}
    regexp_replace({{ text }}, {{ literal('(' ~ pattern ~ ')') }}, {{ literal(before ~ '\\1' ~ after) }}, 'g')
{%- endmacro %}
{% macro spark__surrounded(text, pattern, before, after) -%}
    regexp_replace({{ text }}, {{ literal('(' ~ pattern ~ ')') }}, {{ literal(before ~ '$1' ~ after) }})
{%- endmacro %}


{#- One row per match of a pattern in a text: gives found. -#}
{% macro found_in(relation, text, pattern) -%}
    {{ return(adapter.dispatch('found_in', 'heardback')(relation, text, pattern)) }}
{%- endmacro %}
{% macro duckdb__found_in(relation, text, pattern) -%}
    (
        select
            whole.*,
            unnest(regexp_extract_all({{ text }}, {{ literal(pattern) }})) as found
        from {{ relation }} as whole
    ) as finds
{%- endmacro %}
{% macro spark__found_in(relation, text, pattern) -%}
    (
        select
            whole.*,
            entry.found
        from {{ relation }} as whole
        lateral view explode(regexp_extract_all({{ text }}, {{ literal(pattern) }}, 0)) entry as found
    ) as finds
{%- endmacro %}


{#- Whatever is part of no word: neither letter, mark, number, underscore nor joiner. -#}
{% macro no_word_letter() -%}[^\p{L}\p{M}\p{N}_\x{200c}\x{200d}]{%- endmacro %}

{#- A run of letters and their marks. -#}
{% macro letters_pattern() -%}\p{L}[\p{L}\p{M}\x{200c}\x{200d}]*{%- endmacro %}

{#- A run of letters that are written without blanks between words: Chinese, Japanese, Thai and their neighbours. -#}
{% macro unspaced_pattern() -%}{{ return(adapter.dispatch('unspaced_pattern', 'heardback')()) }}{%- endmacro %}
{% macro duckdb__unspaced_pattern() -%}
    [\p{Han}\p{Hiragana}\p{Katakana}\x{30fc}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+
{%- endmacro %}
{% macro spark__unspaced_pattern() -%}
    [\p{IsHan}\p{IsHiragana}\p{IsKatakana}\x{30fc}\p{IsThai}\p{IsLao}\p{IsKhmer}\p{IsMyanmar}]+
{%- endmacro %}


{#-
    A text with a mark wherever a word may begin (U+10FFFE) and wherever one may end (U+10FFFF): at both ends, and
    around whatever is part of no word.
-#}
{% macro marked_words(text) -%}
    {%- set begins, ends = '\U0010fffe', '\U0010ffff' -%}
    {{ literal(begins) }} || {{ surrounded(text, no_word_letter(), ends, begins) }} || {{ literal(ends) }}
{%- endmacro %}
