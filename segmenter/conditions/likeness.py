"""Names that may be one: written differently, in the plural, abbreviated, or one inside the other. Suggestions alone.

Each name gets some keys, and names that share a key go together: the work grows with the names, not with their pairs.
False alarms cost trust, so what tells names apart is kept: numbers, directions (Chillán, Chillán Viejo), and of names
that are no places everything but the words of `KINDS`: a boutique hotel is a hotel, and no other way to write it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


MEANT = "+#%&"
"""Signs that tell names apart: ``C`` is not ``C++``."""
CONNECTORS = _set("a al and de del e el en la las los of para por the y &")
"""Left out between two words."""
KINDS = frozenset(
    [
        "cliente",
        "client",
        "customer",
        "sitio",
        "site",
        "pagina",
        "canal",
        "rubro",
        "sector",
        "segmento",
        "tipo",
        "etiqueta",
        "tag",
    ]
)
"""Words that say of which kind a name is: "sitio web" is "web"."""
PLACES = frozenset(
    ["ciudad", "comuna", "distrito", "region", "provincia", "metropolitana", "chile", "peru", "espana", "spain"]
)
"""The same in the name of a place."""
TELLING = _set(
    "norte sur este oeste oriente poniente north south east west alto alta bajo baja viejo vieja nuevo nueva antiguo "
    "antigua chico chica grande mayor menor interior exterior superior inferior"
)
"""Words that make another place of a place."""
SHORT = {
    # Chile
    **dict.fromkeys(("stgo", "sgo", "stg"), "santiago"),
    **{"valpo": "valparaiso", "conce": "concepcion", "antofa": "antofagasta", "provi": "providencia"},
    # Peru
    **{"cuzco": "cusco", "aqp": "arequipa", "cix": "chiclayo", "trux": "trujillo"},
    # Spain
    **{"bcn": "barcelona", "barna": "barcelona", "zgz": "zaragoza", "vlc": "valencia", "lleida": "lerida"},
    **{"girona": "gerona", "alacant": "alicante", "bilbo": "bilbao", "donosti": "donostia"},
    # Everywhere
    **{
        "pto": "puerto",
        "pta": "punta",
        "sta": "santa",
        "sto": "santo",
        "sn": "san",
        "gte": "gerente",
        "gral": "general",
    },
    **dict.fromkeys(("wsp", "wpp", "whatsap", "watsapp"), "whatsapp"),
    **{"fb": "facebook", "ig": "instagram", "insta": "instagram", "mail": "email", "correo": "email"},
    **dict.fromkeys(("fono", "tel", "telf"), "telefono"),
}
"""What a word is short for, or what else it is called."""
WHOLE = {
    "vina": "vina del mar",
    "scl": "santiago",
    "rm": "region metropolitana",
    "sjl": "san juan de lurigancho",
    "sjm": "san juan de miraflores",
    "smp": "san martin de porres",
    "vmt": "villa maria del triunfo",
    "ves": "villa el salvador",
    "donostia": "san sebastian",
    "donostia san sebastian": "san sebastian",
    "gasteiz": "vitoria",
    "vitoria gasteiz": "vitoria",
    "a coruna": "coruna",
    "la coruna": "coruna",
    "rrss": "redes sociales",
    "e mail": "email",
    "correo electronico": "email",
}
"""The same of whole names."""
LEAST = 4
"""Letters of a word that may be a plural."""
Key = str | tuple[str, ...]
"""The plain form of a name, or its words."""
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
"""V.I.P., which is VIP."""
_WORD = re.compile(rf"[^\W_{MEANT}]+|[{MEANT}]+")


def plain(name: str) -> str:
    """The name without capitals, accents, spaces and punctuation; "" if nothing is left."""
    return "".join(letter for letter in _flat(name) if letter.isalnum() or letter in MEANT)


def alike(names: Iterable[str], *, meaning: bool = True, places: bool = False) -> tuple[tuple[str, ...], ...]:
    """Groups of different names that may be one, in their order.

    Without ``meaning``, those that differ in capitals, accents, spaces and signs alone. ``places``: names of places.
    """
    known = list(dict.fromkeys(name for name in names if plain(name)))
    words = {name: _words(name, places) if meaning else () for name in known}
    leads: dict[Key, Key] = {}

    def first(key: Key) -> Key:
        while key in leads:
            key = leads[key]
        return key

    def join(one: Key, other: Key) -> None:
        if first(one) != first(other):
            leads[first(other)] = first(one)

    for name in known if meaning else ():
        join(plain(name), words[name])
    for longer, shorter in _inside(set(words.values())).items() if places else ():
        join(shorter, longer)
    groups: dict[Key, list[str]] = {}
    for name in known:
        groups.setdefault(first(plain(name)), []).append(name)
    return tuple(tuple(found) for found in groups.values() if len(found) > 1)


def _flat(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _words(name: str, places: bool) -> tuple[str, ...]:
    """The words that a name means, each in the singular, without those that only connect or say the kind."""
    words = _WORD.findall(_INITIALS.sub(lambda found: found[0].replace(".", ""), _flat(name)))
    words = WHOLE[" ".join(words)].split() if " ".join(words) in WHOLE else [SHORT.get(word, word) for word in words]
    words = [word for at, word in enumerate(words) if not 0 < at < len(words) - 1 or word not in CONNECTORS]
    telling = [word for word in words if _singular(word) not in _KINDS[places]]
    if sum(map(len, telling)) >= LEAST - 1:
        words = telling
    return tuple(_singular(word) for word in words)


def _singular(word: str) -> str:
    """The same for "feria" and "ferias", "hotel" and "hoteles", "voz" and "voces". No word of any language."""
    if len(word) < LEAST or not word.isalpha():
        return word
    if word.endswith("ces"):
        return word[:-3] + "z"
    if word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) >= LEAST else word


_KINDS = {
    False: frozenset(map(_singular, KINDS)),
    True: frozenset(map(_singular, KINDS | PLACES)),
}
_TELLING = frozenset(map(_singular, TELLING))


def _inside(words: set[tuple[str, ...]]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Longer names of places -> the one that they begin with: "Santiago Centro" -> "Santiago".

    Not where several begin with it: San Pedro de la Paz and San Pedro de Atacama are two.
    """
    begins = {
        longer: shorter
        for longer in words
        for length in range(1, len(longer))
        if (shorter := longer[:length]) in words and sum(map(len, shorter)) >= LEAST
        if not any(word in _TELLING or not word.isalpha() for word in longer[length:])
    }
    often = Counter(begins.values())
    return {longer: shorter for longer, shorter in begins.items() if often[shorter] == 1}
