"""What people say in twenty languages, for the benchmark of themes: everyday words, and fifty patterns.

A language has what stands between its words, words that mean no theme, and by pattern something that it finds
(several, divided by bars).
"""

from __future__ import annotations

from typing import TypeAlias

Found: TypeAlias = dict[str, str]

SPOKEN: dict[str, tuple[str, str, Found]] = {
    "en": (
        " ",
        "the we was very they came for a good and with our order today it is fine people at shop really",
        {
            "<late>|<waited|nobody came": "it came late|waited|nobody came",
            "<broken>|scratch": "broken|scratched",
            "<refund|money back": "refunds|money back",
        },
    ),
    "de": (
        " ",
        "der wir war sehr sie kam für ein gut und mit unser Auftrag heute es ist schön Leute im Laden",
        {
            "<zu spät>|gewartet": "zu spät|gewartet",
            "<kaputt|<beschädigt>": "kaputte|beschädigt",
            "geld zurück|<erstattung": "Geld zurück|Erstattung",
        },
    ),
    "fr": (
        " ",
        "le nous était très ils est venu pour un bon et avec notre commande hier il magasin gens vraiment",
        {
            "<en retard>|attendu": "en retard|attendu",
            "<cassée?>|<abîmé": "cassé|abîmée",
            "<rembours": "remboursement|remboursé",
        },
    ),
    "es": (
        " ",
        "el nosotros era muy ellos vino para un bueno y con nuestro pedido hoy es bien gente tienda",
        {
            "<tarde>|esperé|esperamos": "tarde|esperé",
            "<rot[oa]s?>|<dañad": "roto|dañado",
            "<devolución>|<reembolso": "devolución|reembolsos",
        },
    ),
    "pt": (
        " ",
        "o nós era muito eles veio para um bom e com nosso pedido hoje é bem gente loja mesmo",
        {
            "<atrasad|esper(ei|ámos)": "atrasado|esperámos",
            "<partid[oa]>|<danificad": "partida|danificado",
            "<devolução>|<reembolso>": "devolução|reembolso",
        },
    ),
    "it": (
        " ",
        "il noi era molto loro venuto per un buono e con nostro ordine oggi è bene gente negozio",
        {
            "<in ritardo>|aspettat": "in ritardo|aspettato",
            "<rott[oa]>|<danneggiat": "rotta|danneggiato",
            "<rimbors": "rimborso",
        },
    ),
    "nl": (
        " ",
        "de wij was erg zij kwam voor een goed en met onze bestelling vandaag het is mooi mensen winkel",
        {
            "<te laat>|gewacht": "te laat|gewacht",
            "<kapot>|<beschadigd": "kapot|beschadigde",
            "<terugbetal|geld terug": "terugbetaling|geld terug",
        },
    ),
    "pl": (
        " ",
        "my był bardzo oni przyszedł dla dobry i z nasze zamówienie dziś jest ładnie ludzie sklep naprawdę",
        {
            "<spóźni|czekał": "spóźnili|czekałam",
            "pęknięt|<uszkodz": "pęknięta|uszkodzony",
            "<zwrotu?> .{0,20}pieni": "zwrot moich pieniędzy|zwrotu pieniędzy",
        },
    ),
    "cs": (
        " ",
        "my byl velmi oni přišel pro dobrý a s naše objednávka dnes je hezky lidé obchod opravdu",
        {
            "<pozdě>|čekal": "pozdě|čekala",
            "<rozbit|<poškozen": "rozbitý|poškozené",
            "<vrácení>|peníze zpět": "vrácení|peníze zpět",
        },
    ),
    "ro": (
        " ",
        "noi era foarte ei venit pentru un bun și cu comanda noastră azi este bine oameni magazin",
        {
            "<târziu>|așteptat": "târziu|așteptat",
            "<spart|<stricat": "spartă|stricat",
            "<ramburs|banii înapoi": "rambursare|banii înapoi",
        },
    ),
    "hu": (
        " ",
        "mi volt nagyon ők jött egy jó és a rendelés ma szép emberek bolt tényleg",
        {"<késő|<késett|vártunk": "későn|vártunk", "<törött>|<sérült": "törött|sérülten"},
    ),
    "tr": (
        " ",
        "biz çok onlar geldi için bir iyi ve ile sipariş bugün güzel insanlar mağaza gerçekten",
        {"<geç>|bekledi[km]": "geç|bekledik", "<kırık>|hasarlı": "kırık|hasarlı"},
    ),
    "ru": (
        " ",
        "мы был очень они пришёл для хороший и с наш заказ сегодня это люди магазин правда",
        {"<опозда|<ждал": "опоздали|ждала", "<сломан|<поврежд": "сломана|повреждён"},
    ),
    "bg": (
        " ",
        "ние беше много те дойде за добър и с нашата поръчка днес е хубаво хора магазин",
        {"<късно>|<чаках": "късно|чакахме", "<счупен|<повреден": "счупена|повреден"},
    ),
    "uk": (
        " ",
        "ми був дуже вони прийшов для добрий і з наше замовлення сьогодні це люди крамниця",
        {"<запізн|<чека(в|ла|ли)>": "запізнилися|чекала", "<зламан|<пошкодж": "зламаний|пошкоджено"},
    ),
    "el": (
        " ",
        "εμείς ήταν πολύ αυτοί ήρθε για ένα καλό και με παραγγελία σήμερα είναι κόσμος κατάστημα",
        {"<αργά>|περίμενα": "αργά|περίμενα", "<σπασμέν|χαλασμέν": "σπασμένο|χαλασμένη"},
    ),
    "he": (
        " ",
        "אנחנו היה מאוד הם בא בשביל אחד טוב עם ההזמנה היום זה יפה אנשים חנות",
        {"<באיחור>|<חיכי(תי|נו)>": "באיחור|חיכיתי", "<שבור|<פגום": "שבורה|פגום"},
    ),
    "ar": (
        " ",
        "نحن كان جدا هم جاء من أجل واحد جيد مع الطلب اليوم هذا جميل الناس المتجر",
        {"<متأخر|<انتظرت>": "متأخرة|انتظرت", "<مكسور|<تالف": "مكسورة|تالف"},
    ),
    "fa": (
        " ",
        "ما بود خیلی آنها آمد برای یک خوب و با سفارش امروز این زیبا مردم فروشگاه",
        {"<دیر>|<منتظر": "دیر|منتظر", "<شکسته|<خراب>": "شکسته‌است|خراب"},
    ),
    "zh": (
        "",
        "我们 很 他们 来 了 一个 好 和 订单 今天 这个 漂亮 人 店 真的 就是",
        {"太慢|等了": "太慢|等了", "坏了|破损": "坏了|破损"},
    ),
}
