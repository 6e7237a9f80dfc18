"""Words that tell what a column holds, in the languages that exports are headed in."""

from __future__ import annotations

import re
import unicodedata

# Beginnings or parts of words, without case, as they stand in headers and in the questions themselves.
_WORDS = {
    "recommend": """
        nps | net promoter | netpro | recommend | weiterempf | empfehl | recommand | recomend |
        recomien | consigli | raccomand | aanbevel | aanraden | rekommend | anbefal | suosittel |
        poleci | doporu | ajánl | рекоменд | порекоменд | συστήσ | tavsiye | 推荐 | 推薦 | 勧め |
        薦め | おすすめ | 추천 | توصي | توصية | להמליץ | แนะนำ
    """,
    "satisfied": """
        csat | satisf | satisfe | zufrieden | tevreden | soddisf | nöjd | tilfreds | fornøyd |
        tyytyväi | zadowol | spokoj | elégedett | удовлетвор | ικανοποί | memnun | 满意 | 滿意 |
        満足 | 만족 | راض | رضا | מרוצה
    """,
    "easy": """
        ces | effort | easy | ease of | einfach | leicht | aufwand | mühe | facil | fácil | esfuerzo |
        esforço | facile | sforzo | gemakkelijk | moeite | enkel | łatw | snadn | легк | усили |
        kolay | 容易 | 簡単 | 쉬 | سهل
    """,
    "rated": """
        rating | rate | score | stars | quality | bewert | sterne | note | qualit | calific | puntu |
        valuta | voto | avalia | beoordel | betyg | vurder | arvosana | ocena | hodnoc | оценк |
        puan | 评分 | 評価 | 평가 | تقييم
    """,
    "comment": """
        comment | why | feedback | reason | verbatim | remark | improve | suggest | tell us |
        kommentar | warum | grund | begründ | anmerk | verbesser | pourquoi | commentaire | remarque |
        coment | por qué | por que | motivo | commento | perché | opmerking | waarom | uwagi | komentář |
        коммент | почему | yorum | 意见 | 评论 | 理由 | コメント | 의견 | تعليق | הערות
    """,
    "customer": """
        customer | client | kunde | cliente | klant | kund | asiakas | member | mitglied | user |
        guest | gast | passenger | patient | subscriber | loyalty
    """,
    "account": """
        account | company id | konto | compte | cuenta | organisation id | organization id
    """,
    "response": """
        response | respon | submission | ticket | answer id | record | antwort | réponse | respuesta |
        risposta | antwoord | interview | survey id | row id
    """,
    "time": """
        submit | date | time | completed | created | finished | end | recorded | datum | zeit |
        abgesendet | heure | fecha | hora | data | tijd | дата | tarih | 日期 | 時間 | 时间 | 日時 |
        날짜 | تاريخ | at
    """,
    "language": """
        language | lang | locale | sprache | langue | idioma | lingua | taal | язык | 语言 | 言語 |
        언어 | لغة
    """,
    "name": """
        first name | last name | full name | surname | vorname | nachname | prénom | nombre |
        apellid | cognome
    """,
    "phone": """
        phone | telephone | mobile | telefon | téléphone | teléfono | handy | telefoon | cell
    """,
    "channel": """
        channel | kanal | canal | canale | kanaal
    """,
    "property": """
        segment | persona | audience | store | shop | branch | filiale | region | country | land |
        plan | product | produkt | department | city | location | touchpoint | tier | terminal
    """,
    "counted": """
        age | alter | gender | sex | year | jahr | month | day | code | zip | plz | count | number |
        visits | group | version | wave | household | income | id | num
    """,
}
HINTS = {kind: [word.strip() for word in words.split("|") if word.strip()] for kind, words in _WORDS.items()}


def hints_at(header: str, kind: str) -> bool:
    """Tell whether a header holds a word of a kind; Latin words must begin where one of its words does."""
    text = words_of(header)
    return any(
        re.search(rf"(?<![^\W_]){re.escape(word)}", text) if word.isascii() else word in text
        for word in HINTS[kind]
    )


def words_of(header: str) -> str:
    """Write a header in lower case with blanks between its words: `CustomerID` is `customer id`."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\-./]+", " ", header)
    return " ".join(unicodedata.normalize("NFC", split).casefold().split())
