{#-
    How questions and columns are worded, in the languages that surveys are asked in: the one list of such words, read
    by `unmapped_questions` and, out of this file, by `heardback init`. Nothing is taken for a metric because of it.

    Words are lower case, beginnings of words unless a `>` ends them; `*` before one lets it stand inside a word, as
    in compounds. They are regexes that RE2, Java and Python read alike: no look-around, no backslash.
-#}
{% macro wordings() -%}
    {{ return({
        'recommend': [
            'nps>', 'nps[0-9]', 'net promoter', 'netpro', 'recommend', '*empfehl', 'recommand', 'recomend', 'recomien',
            'consigli', 'raccomand', 'aanbevel', 'aanrad', 'rekommend', 'anbefal', 'suosittel', 'polec', 'doporu',
            'ajánl', 'рекоменд', 'порекоменд', 'советова', 'συστήσ', 'tavsiye', '推荐', '推薦', '勧め', '薦め',
            'おすすめ', '추천', 'توصي', 'توصية', 'להמליץ', 'แนะนำ',
        ],
        'satisfied': [
            'csat', 'satisf', 'unsatisf', 'dissatisf', 'insatisf', '*zufrieden', '*tevreden', 'soddisf', 'nöjd',
            '*tilfreds', 'fornøyd', '*tyytyväi', 'zadowol', 'satysfak', 'spokoj', '*elégedett', 'удовлетвор', 'доволен',
            'довольн', 'ικανοποί', 'memnun', '满意', '滿意', '満足', '만족', 'راض', 'رضا', 'מרוצה',
        ],
        'easy': [
            'ces([ -]?(score|[0-9])|$)', 'customer effort', 'effort', 'easy', 'ease of', 'easily', 'difficult', 'simpl',
            'einfach', 'leicht>', 'schwierig', 'schwer>', '*aufwand', 'mühe', 'facile', 'facilit', 'difficile',
            'difficult', 'fácil', 'facil', 'difícil', 'dificil', 'sencill', 'esfuerzo', 'esforço', 'sforzo',
            '*makkelijk', '*moeilijk', 'moeite', 'enkel>', 'enkelt', 'łatw', 'trudn', 'wysiłk', 'snadn', 'könny',
            'легк', 'лёгк', 'сложн', 'усили', 'kolay', '容易', '簡単', '쉬', 'سهل',
        ],
        'rated': [
            'rating', 'rate>', 'rated>', 'score', 'stars', 'quality', '*bewert', 'sterne', 'note', 'évalu', 'qualit',
            'calific', 'puntu', 'valor', 'valuta', 'voto', 'avalia', '*beoorde', 'betyg', 'vurder', 'arvosana', 'ocen',
            'hodnoc', 'értékel', 'оцен', 'puan', '评分', '評価', '평가', 'تقييم',
        ],
        'important': [
            'importan', '*wichtig', 'belangrijk', 'viktig', 'vigtig', 'ważn', 'důležit', 'fontos', 'важн', 'önemli', '重要',
            '중요',
        ],
        'expected': [
            'do you expect', 'did you expect', 'would you expect', 'expected level', 'erwarten sie', 'erwartest du',
            'attendez-vous', 'attendiez-vous', 'esperas>', 'espera usted', 'esperaba', 'verwacht u', 'verwacht je',
            'verwachtte', 'oczekuj', 'si aspetta',
        ],
        'comment': [
            'comments', 'comment([?:.,;!]|$)', 'commentaire', 'coment', 'commento', 'commenti', 'kommentar', 'komentář',
            'коммент', 'yorum', 'why>', 'warum', 'wieso', 'pourquoi', 'por qué', 'por que', 'perché', 'waarom',
            'dlaczego', 'proč', 'miért', 'почему', 'feedback', 'verbatim', 'reason', 'grund>', 'gründe', 'begründ',
            'raison', 'motivo', 'reden>', 'powód', 'powod', 'remark', 'remarque', 'anmerk', 'opmerking', 'uwagi',
            'improve', '*verbesser', 'amélior', 'mejor', 'melhor', 'miglior', '*verbeter', 'popraw', 'ulepsz', 'suggest',
            'suger', 'vorschl', 'tell us', 'in your own words', 'issue', 'problem', 'what (could|can|should|made|went|was)>',
            'what (did|do) you (like|think|miss)', 'was (hat|war|können|könnte)', 'was gefäll', 'wat (kunnen|kan|maakte|ging|vond)>',
            'qu.est-ce (que|qui)', 'que (pouvons|pourrions)', 'qué (es lo|podemos|podríamos|te gust)', 'co możemy',
            '意见', '评论', '理由', 'コメント', '의견', 'تعليق', 'הערות',
        ],
        'counted': [
            'age>', '*alter>', 'gender', 'geschlecht', 'geslacht', 'sex>', 'edad', 'âge', 'leeftijd', 'wiek>', 'sexe>',
            'sexo', 'płeć', 'years?>', 'jahr', 'monat', 'months?>', 'code>', 'zip', 'plz', 'postal', 'postcode', 'counts?>',
            'number', 'visits>', 'groups?>', 'version', 'wave>', 'household', 'haushalt', 'income', 'einkommen', 'ids?>',
            'num>', 'how (many|much|often|long|old)>', 'wie (viele?|oft|lange|alt)>', 'combien', 'cuánt', 'cuant',
            'hoe (vaak|lang|oud)>', 'hoeveel', 'quant[ieo]>', 'ile>', 'jak często', 'сколько', 'job>', 'occupation',
            'profession', 'beruf', 'beroep', 'functie', 'zawód', 'live>', 'wohn', 'city', 'stadt>', 'ville>', 'ciudad',
            'hear(d)? (about|of) (us|our)', 'aufmerksam geworden', 'entendu parler',
        ],
        'email': ['e-?mail', 'mail>', 'correo', 'courriel', 'почт'],
        'phone': ['phone', 'telephone', 'mobile', '*telefon', 'téléphone', 'teléfono', 'handy', 'telefoon', 'cell', 'телефон'],
        'name': [
            'first name', 'last name', 'full name', 'surname', 'vorname', 'nachname', 'prénom', 'nombre', 'apellid',
            'cognome', 'voornaam', 'achternaam', 'imię', 'nazwisko',
        ],
        'customer': [
            'customer', 'client', 'kunde', 'cliente', 'klant', 'kund', 'asiakas', 'member', 'mitglied', 'user', 'guest',
            'gast', 'passenger', 'patient', 'subscriber', 'loyalty',
        ],
        'account': ['account', 'company id', 'konto', 'compte', 'cuenta', 'organisation id', 'organization id'],
        'response': [
            'response', 'respon', 'submission', 'ticket', 'answer id', 'record', 'antwort', 'réponse', 'respuesta',
            'risposta', 'antwoord', 'interview', 'survey id', 'row id',
        ],
        'time': [
            'submit', 'date', 'time', 'completed', 'created', 'finished', 'end', 'recorded', 'datum', 'zeit',
            '*abgesendet', 'heure', 'fecha', 'hora', 'data', 'tijd', 'дата', 'tarih', '日期', '時間', '时间', '日時',
            '날짜', 'تاريخ', 'at',
        ],
        'language': ['language', 'lang', 'locale', 'sprache', 'langue', 'idioma', 'lingua', 'taal', 'язык', '语言', '言語', '언어', 'لغة'],
        'channel': ['channel', 'kanal', 'canal', 'canale', 'kanaal'],
        'property': [
            'segment', 'persona', 'audience', 'store', 'shop', 'branch', 'filiale', 'region', 'country', 'land', 'plan',
            'product', 'produkt', 'department', 'city', 'location', 'touchpoint', 'tier', 'terminal',
        ],
    }) }}
{%- endmacro %}


{#- The one pattern of a list of words, over text in lower case; letters of Latin script, and digits, make words. -#}
{% macro pattern_of(words) -%}
    {%- set letters, starts, inside = '0-9a-zà-ɏ', [], [] -%}
    {%- for word in words -%}
        {%- set whole = word | replace('>', '([^' ~ letters ~ ']|$)') -%}
        {%- if word[0] == '*' -%} {%- do inside.append(whole[1:]) -%}
        {%- elif word[0] < 'ɐ' -%} {%- do starts.append(whole) -%}
        {%- else -%} {%- do inside.append(whole) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- (['(^|[^' ~ letters ~ '])(' ~ starts | join('|') ~ ')'] + inside) | join('|') -}}
{%- endmacro %}


{#- Does a text in lower case speak of a kind of thing? -#}
{% macro speaks_of(text, kind) -%}{{ holds(text, literal(pattern_of(wordings()[kind]))) }}{%- endmacro %}
