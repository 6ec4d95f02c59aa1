"""Which of the languages that the product speaks a text is written in; nothing where that is not sure.

Scripts tell Arabic, Hebrew, Japanese and Chinese. The others are told by their small words, which every sentence is full of, and by letters
that only some of them have. A library would know a hundred languages from megabytes of n-grams and name one for every "ok"; a queue for
French needs one of thirteen, or an honest shrug. The test measures it on the console's own texts, which none of this was made from.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

LOOKED_AT = 4_000
"""Characters of a text that are looked at."""
SURE = 1.5
"""What a language must have found at least: two small words, or one and its letters."""
ENOUGH = 5
"""Chinese characters by which it is Chinese, and no heading in Japanese."""
AHEAD = 1.5
"""How many times as much as the next one."""

_SMALL = {
    "en": """the and to of is it you for i that in my this have with not be are on at do can your was we what me will if but
        so please would could has hello thanks thank how when from there an or been did which don't i'm it's they about any get""",
    "de": """der die das und ist ich nicht sie ein eine zu mit den es für auf sich dem im auch von wir mir bitte haben habe wie
        kann ihr ihre noch nach bei aber oder wenn hallo danke guten mein meine meinen einen wird sind wurde kein keine was
        schon über zum zur am dass wann mich uns ihnen um vom""",
    "fr": """le la les et est je ne pas vous de des un une pour que qui dans ce il sur avec au du en mon ma mes votre vos nous
        bonjour merci suis avez j'ai c'est n'est plus comment mais ou où cette ces être sont été aux par quand pouvez
        voudrais d'une d'un l'on elle se son sa""",
    "es": """el la los las y es que de no en un una por para con se lo mi su me al del hola gracias pero como cómo más está
        estoy tengo puedo quiero ustedes usted muy ya cuándo cuando qué este esta son ha he hay le les sin si sí porque
        favor pedido""",
    "pt": """o a os as e é que de não em um uma por para com se do da dos das no na meu minha eu você vocês obrigado obrigada
        olá mas como mais está estou tenho posso quero muito já quando isso este esta são foi tem ao à pelo pela sem sim
        favor seu sua nos""",
    "it": """il lo la gli le e è che di non in un una per con si mi del della dei delle al alla sono ho ha ciao grazie ma
        come più anche questo questa quando posso vorrei buongiorno mio mia nel nella vi ci sul perché cosa dal essere hanno
        sua suo i da se ne""",
    "nl": """de het een en is ik niet van je dat in op te met voor zijn er maar mijn u wij we hebben heb heeft kan bij aan ook
        nog wel naar om als wat hoe dit deze wordt werd graag bedankt hallo goedendag mij geen door uit over waar wanneer
        ben uw zou die of""",
    "pl": """i w nie na się jest to że z do jak mam czy o po dzień dobry proszę dziękuję ale mi co już dla moje mój moja przez
        być był była są jestem może tego tym jego od za który która kiedy mnie ten ta te oraz lub więc tylko chcę chciałbym
        chciałabym gdzie""",
    "tr": """ve bir bu için ile ben bana çok mi mı mu mü değil var yok merhaba teşekkürler teşekkür ama ne nasıl olarak daha
        gibi kadar sonra olan ediyorum istiyorum benim sizin siz da de ki bunu şu lütfen zaman hangi evet hayır neden
        nerede bize olduğu her""",
}
_LETTERS = {
    "de": "ß", "fr": "œçèêëùû", "es": "ñ¿¡", "pt": "ãõ", "it": "ìò", "pl": "ąęłńśźż", "tr": "ğış",
}  # fmt: skip
"""Letters that hardly another of these languages has. One of them counts half a word, however often it stands there."""
_WORDS_OF: Mapping[str, frozenset[str]] = MappingProxyType(
    {language: frozenset(words.split()) for language, words in _SMALL.items()}
)
_SHARED = MappingProxyType(
    {
        word: sum(word in words for words in _WORDS_OF.values())
        for words in _WORDS_OF.values()
        for word in words
    }
)
_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("ar", re.compile(r"[\u0620-\u064a]")),
    ("he", re.compile(r"[\u05d0-\u05ea]")),
)
_LATIN = re.compile(r"[a-zà-öø-ÿāăąćčďđęěğıłńňőœřśşšťůűźżž]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def spoken_in(text: str) -> str:
    """The language of a text: en, de, fr, es, pt, it, nl, pl, tr, ar, he, ja or zh; empty where it is not sure."""
    text = text[:LOOKED_AT].casefold()
    scripts = {language: len(pattern.findall(text)) for language, pattern in _SCRIPTS}
    letters = sum(scripts.values()) + len(_LATIN.findall(text))
    if sum(scripts.values()) * 2 > letters:
        # Japanese is full of Chinese characters, and Chinese of no kana.
        east = scripts["ja"] + scripts["zh"]
        if east * 2 > letters:
            return "ja" if scripts["ja"] * 10 >= east else "zh" if east >= ENOUGH else ""
        return "ar" if scripts["ar"] >= scripts["he"] else "he"
    return _by_words(text)


def _by_words(text: str) -> str:
    words = [word.replace("’", "'") for word in _WORD.findall(text)]
    found = {language: _weight(language, small, words, text) for language, small in _WORDS_OF.items()}
    second, best = sorted(found, key=found.__getitem__)[-2:]
    return best if found[best] >= max(SURE, AHEAD * found[second]) else ""


def _weight(language: str, small: frozenset[str], words: list[str], text: str) -> float:
    """A small word counts the less the more languages have it."""
    letters = sum(0.5 for letter in _LETTERS.get(language, "") if letter in text)
    return letters + sum(1.5 / (0.5 + _SHARED[word]) for word in words if word in small)
