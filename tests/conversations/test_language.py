"""Languages are told from real sentences that the detector was not made from: the console's own texts, in all thirteen."""

import json
import re
from pathlib import Path

import pytest

from hub.conversations.language import spoken_in
from hub.web.settings import LANGUAGES

CONSOLE = Path(__file__).parents[2] / "widget" / "console"
LONG = 60
"""Characters of a text that has enough small words in it, as a message of two lines has; half as many in Chinese and Japanese."""


def sentences(language: str) -> list[str]:
    name = "en.json" if language == "en" else f"texts/{language}.json"
    files = [CONSOLE / name, *sorted(CONSOLE.glob(f"parts/*/{name}"))]
    values = [value for file in files for value in json.loads(file.read_text()).values()]
    texts = [value if isinstance(value, str) else " ".join(map(str, value.values())) for value in values]
    least = LONG // 3 if language in ("ja", "zh") else LONG
    return [bare for text in texts if len(bare := re.sub(r"\{[^}]*\}", "", text)) >= least]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_or_two_are_enough_and_a_wrong_answer_is_rare(language):
    told = [spoken_in(text) for text in sentences(language)]
    right, wrong = (
        told.count(language) / len(told),
        sum(one not in ("", language) for one in told) / len(told),
    )
    print(f"{language}: {len(told)} texts, {right:.1%} right, {wrong:.1%} wrong")
    assert len(told) > 40
    assert right > 0.75
    assert wrong < 0.02


@pytest.mark.parametrize(
    "text", ["", "ok", "hello", "12345", "\0\0", "Привет, где мой заказ?", "Anna", "😀" * 50]
)
def test_what_is_too_short_or_of_none_of_them_is_not_guessed(text):
    assert spoken_in(text) == ""


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my order?", "en"), ("Hallo, wo ist meine Bestellung?", "de"), ("Bonjour, où est ma commande ?", "fr"),
        ("Hola, ¿dónde está mi pedido?", "es"), ("Olá, onde está a minha encomenda?", "pt"), ("Ciao, dov'è il mio ordine?", "it"),
        ("Waar is mijn bestelling?", "nl"), ("Gdzie jest moje zamówienie?", "pl"), ("أين طلبي؟", "ar"), ("איפה ההזמנה שלי?", "he"),
        ("注文はどこですか", "ja"), ("我的订单在哪里", "zh"), ("Merhaba, siparişim neden daha gelmedi?", "tr"),
    ],
)  # fmt: skip
def test_a_short_question_is_enough_where_its_words_are_plain(text, language):
    assert spoken_in(text) == language
