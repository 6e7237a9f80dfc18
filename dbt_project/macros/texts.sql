{#- What texts mean: numbers, yes and no, addresses. -#}

{#- A number as people write it ("4", " 4.0 ", "4,0"); null where the text is none, infinite or not a number. -#}
{% macro number_of(text) -%}
    case
        when {{ holds("trim(" ~ text ~ ")", "'^[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,2})?$'") }}
            then try_cast(replace(trim({{ text }}), ',', '.') as double)
    end
{%- endmacro %}


{#- true, false or null; programme tables say `true` and `false`, customers files also yes, no, 1 and 0. -#}
{% macro yes_or_no(text) -%}
    case
        when lower(trim({{ text }})) in ('true', 'yes', 'y', 't', '1') then true
        when lower(trim({{ text }})) in ('false', 'no', 'n', 'f', '0') then false
    end
{%- endmacro %}


{#-
    Does an answer to "may we contact you?" say yes? true, false, or null where it says neither: then nobody agreed
    and nobody refused. The first words tell, in the languages that letters are written in and some more.
-#}
{% macro agrees(text) -%}
    {%- set said = "lower(trim(" ~ text ~ "))" -%}
    {%- set ends = "([ ,.;:!،。]|$)" -%}
    {%- set no = [
        "no", "n", "f", "false", "0", "never", "nein", "nicht", "non", "não", "nao", "nie", "ne", "nej", "nee", "не",
        "нет", "לא", "نه", "خیر", "いいえ", "否", "不", "do not", "don.t", "please do not", "please don.t", "i do not",
        "i don.t", "rather not", "ich möchte nicht", "bitte nicht",
    ] -%}
    {%- set yes = [
        "yes", "y", "t", "true", "1", "ok", "okay", "sure", "of course", "please do", "ja", "oui", "sí", "si", "sim",
        "tak", "ano", "da", "да", "כן", "بله", "آری", "はい", "是", "是的", "evet", "i agree", "agree", "agreed",
        "i accept", "i consent", "you may", "gern", "gerne", "einverstanden", "ich stimme zu", "d.accord",
        "j.accepte", "acepto", "aceito", "zgadzam się", "wyrażam zgodę", "согласен", "согласна", "съгласен",
        "съгласна",
    ] -%}
    case
        when {{ holds(said, "'^(" ~ no | join('|') ~ ")" ~ ends ~ "'") }} then false
        when {{ holds(said, "'^(" ~ yes | join('|') ~ ")" ~ ends ~ "'") }} then true
    end
{%- endmacro %}


{#- Null where a text is missing or blank. -#}
{% macro filled(text) -%}nullif(trim({{ text }}), ''){%- endmacro %}


{#- A question as people read it: without HTML, its commonest signs spelled out; null where nothing is left. -#}
{% macro plain_text(text) -%}
    {%- set spelled = namespace(text=without_tags(text)) -%}
    {%- for sign, plain in [
        ('&nbsp;', ' '), ('&lt;', '<'), ('&gt;', '>'), ('&quot;', '"'), ('&#39;', "''"), ('&amp;', '&'),
        ('  ', ' '), ('  ', ' '), ('  ', ' ')
    ] -%}
    {%- set spelled.text = "replace(" ~ spelled.text ~ ", '" ~ sign ~ "', '" ~ plain ~ "')" -%}
    {%- endfor -%}
    nullif(trim({{ spelled.text }}), '')
{%- endmacro %}


{#- What an e-mail address looks like, anywhere in a text; domains may be written in any alphabet. -#}
{% macro address_pattern() -%}'[^@<>(),;:" ]+@[^@<>(),;:" ]+[.][^@<>(),;:" .]+'{%- endmacro %}

{% macro holds_address(text) -%}coalesce({{ holds(text, address_pattern()) }}, false){%- endmacro %}


{#- An id fit to be published: one that is an e-mail address becomes a keyed hash, which this home alone can make. -#}
{% macro published_id(id) -%}
    case
        when {{ holds_address(id) }}
            then md5((select salt from {{ source('computed', 'settings') }}) || '|' || lower(trim({{ id }})))
        else {{ filled(id) }}
    end
{%- endmacro %}


{#- Columns and hidden fields called like this hold contact details; they never become properties. -#}
{% macro contact_kind(name) -%}
    case
        when lower({{ name }}) in ('email', 'mail', 'e-mail') then 'email'
        when lower({{ name }}) in ('phone', 'mobile', 'tel') then 'phone'
        when lower({{ name }}) in ('name', 'first_name', 'last_name', 'firstname', 'lastname') then 'name'
    end
{%- endmacro %}


{#- Does a text look like a language tag: a language, perhaps a script, perhaps a region? -#}
{% macro is_language_tag(text) -%}
    coalesce({{ holds("trim(" ~ text ~ ")", "'^[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?$'") }}, false)
{%- endmacro %}


{#- The audiences that journeys have. -#}
{% macro is_audience(text) -%}lower({{ text }}) in ('customer', 'partner', 'employee'){%- endmacro %}


{#- A language tag as BCP 47 writes it (language lower, Script, REGION); what is none stays as it is, lower case. -#}
{% macro language_tag(text) -%}
    {%- set tag = "replace(trim(" ~ text ~ "), '_', '-')" -%}
    case
        when {{ holds(tag, "'^[A-Za-z]{2,3}$'") }} then lower({{ tag }})
        when {{ holds(tag, "'^[A-Za-z]{2,3}-([A-Za-z]{2}|[0-9]{3})$'") }}
            then lower(split_part({{ tag }}, '-', 1)) || '-' || upper(split_part({{ tag }}, '-', 2))
        when {{ holds(tag, "'^[A-Za-z]{2,3}-[A-Za-z]{4}$'") }}
            then
                lower(split_part({{ tag }}, '-', 1))
                || '-' || upper(substring({{ tag }}, length({{ tag }}) - 3, 1)) || lower(right({{ tag }}, 3))
        when {{ holds(tag, "'^[A-Za-z]{2,3}-[A-Za-z]{4}-([A-Za-z]{2}|[0-9]{3})$'") }}
            then
                lower(split_part({{ tag }}, '-', 1))
                || '-' || upper(substring(split_part({{ tag }}, '-', 2), 1, 1))
                || lower(substring(split_part({{ tag }}, '-', 2), 2, 3))
                || '-' || upper(split_part({{ tag }}, '-', 3))
        else lower(nullif({{ tag }}, ''))
    end
{%- endmacro %}


{#- `*` or nothing in a matching column of a programme table means any. -#}
{% macro is_any(text) -%}coalesce({{ text }}, '*') = '*'{%- endmacro %}
