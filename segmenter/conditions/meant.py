"""What people write for an operator, a join or a field in Spanish, in words, or coming from elsewhere: what they meant.

Keys, operators and fields have one form each in a spec. What is written otherwise is not taken, but its form is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from segmenter.conditions.near import did_you_mean, unaccented
from segmenter.conditions.operators import FUNCTIONS, SHAPES
from segmenter.i18n import _, one_of

_FIRST = 3

_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "=": ("==", "igual", "es", "es igual", "igual a", "equal", "equals", "is", "exactamente"),
    "not": ("!=", "<>", "≠", "no", "no es", "distinto", "es distinto", "diferente", "no igual", "is not", "unequal"),
    "in": ("uno de", "es uno de", "alguno de", "alguna de", "en la lista", "one of", "any of", "is one of"),
    "not_in": ("not in", "no en", "no es ninguno de", "ninguno de", "ninguna de", "fuera de", "none of"),
    ">=": (
        "=>", "≥", "mayor o igual", "mayor igual", "igual o mayor", "al menos", "como minimo", "minimo", "desde",
        "a partir", "por lo menos", "at least", "greater or equal", "greater than or equal", "min", "from",
    ),
    ">": ("mayor", "mas", "superior", "sobre", "por encima", "despues", "greater", "more", "above", "over", "after"),
    "<=": (
        "=<", "≤", "menor o igual", "menor igual", "igual o menor", "a lo mas", "a lo sumo", "como maximo", "maximo",
        "hasta", "at most", "less or equal", "less than or equal", "max", "until", "up",
    ),
    "<": ("menor", "menos", "inferior", "por debajo", "antes", "less", "below", "under than", "before"),
    "between": ("entre", "rango", "range"),
    "contains": ("contiene", "incluye", "like", "ilike", "include", "includes"),
    "not_contains": ("no contiene", "no incluye", "not like", "does not contain"),
    "starts_with": ("empieza", "empieza con", "empieza por", "comienza", "comienza con", "comienza por", "begins with"),
    "ends_with": ("termina", "termina con", "termina en", "acaba en"),
    "empty": ("vacio", "vacia", "esta vacio", "esta vacia", "sin dato", "en blanco", "blank", "is empty"),
    "within": (
        "ultimos", "ultimas", "en los ultimos", "en las ultimas", "dentro de los ultimos", "hace menos", "in the last",
        "last",
    ),
    "older_than": ("hace mas", "mas antiguo", "mas de hace", "older", "more than ago"),
    "next": ("proximos", "proximas", "en los proximos", "en las proximas", "in the next"),
    "has_any": ("tiene alguno", "tiene alguna", "tiene uno", "tiene una"),
    "has_all": ("tiene todos", "tiene todas", "todos de", "todas de"),
    "has_none": ("no tiene", "no tiene ninguno", "no tiene ninguna"),
    "under": ("debajo", "bajo", "depende", "dentro de", "below of"),
}  # fmt: skip
_OF_WORDS = {word: operator for operator, words in _OPERATORS.items() for word in words}
_OF_WORDS |= {operator.replace("_", " "): operator for operator in SHAPES}
_LONGEST_FIRST = (">=", "<=", "=>", "=<", "==", "!=", "<>", "≥", "≤", "≠", ">", "<", "=")
_TRAILING = re.compile(r"\s*(?:\s(?:que|a|al|de|del|than|to|of)|[:=]\s*)$")

_JOINS = {
    **dict.fromkeys(("todo", "todos", "todas", "y", "and"), "all"),
    **dict.fromkeys(("alguno", "alguna", "algunos", "cualquiera", "o", "or"), "any"),
    **dict.fromkeys(("no", "ninguno", "ninguna", "none"), "not"),
    "dominio": "domain",
}

_FUNCTIONS = {
    **dict.fromkeys(("cuenta", "contar", "conteo", "cantidad", "numero", "cuantos", "cuantas", "number"), "count"),
    **dict.fromkeys(("suma", "suma de", "sumar", "total", "sum of"), "sum"),
    **dict.fromkeys(("promedio", "promedio de", "media", "average", "mean"), "avg"),
    **dict.fromkeys(("minimo", "minima", "el menor", "la menor", "menor", "minimum", "lowest"), "min"),
    **dict.fromkeys(("maximo", "maxima", "el mayor", "la mayor", "mayor", "maximum", "highest"), "max"),
    **dict.fromkeys(("ultimo", "ultima", "mas reciente", "latest", "newest"), "last"),
    **dict.fromkeys(("primero", "primera", "mas antiguo", "mas antigua", "earliest", "oldest"), "first"),
    **dict.fromkeys(("alguno", "alguna", "algun", "hay", "existe", "tiene", "some"), "any"),
    **dict.fromkeys(("ninguno", "ninguna", "ningun", "no hay", "no existe", "no tiene", "sin"), "none"),
}
_BESIDE = {
    **dict.fromkeys(("donde", "en que", "en los que", "en las que", "filtro", "filter", "only where"), "where"),
    **dict.fromkeys(("de", "de quien", "whose"), "of"),
}
_WHOSE = {
    **dict.fromkeys(("contacto", "del contacto", "el contacto"), "contact"),
    **dict.fromkeys(("empresa", "compania", "de la empresa", "la empresa"), "company"),
    **dict.fromkeys(("ambos", "ambas", "los dos", "todos"), "both"),
}
_NAME = re.compile(r"[a-z_][a-z0-9_]*")

_TRUTHS = {
    **dict.fromkeys(("si", "s", "yes", "y", "verdadero", "cierto"), "true"),
    **dict.fromkeys(("no", "n", "falso"), "false"),
}

_IN_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_IN_WORDS = re.compile(r"(\d{1,2})(?: de)? ([a-z]{3,10})\.?(?: del?)?,? (\d{4})")
_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")

COMMON_LABELS: Mapping[str, tuple[str, ...]] = {
    "active": ("Activo", "Active"),
    "category_id": ("Etiquetas de contacto", "Categorías", "Rubro", "Rubros"),
    "city": ("Ciudad", "Comuna", "City"),
    "company_id": ("Compañía", "Company"),
    "contact_name": ("Nombre de contacto", "Nombre del contacto", "Contact Name"),
    "country_id": ("País", "Country"),
    "create_date": ("Fecha de creación", "Creado el", "Creado en", "Creado", "Created on", "Creation Date"),
    "date_closed": ("Fecha de cierre", "Closed Date"),
    "date_deadline": ("Cierre esperado", "Cierre previsto", "Fecha de cierre esperada", "Expected Closing"),
    "date_last_stage_update": ("Última actualización de etapa", "Last Stage Update"),
    "description": ("Notas", "Notas internas", "Notes"),
    "email_from": ("Correo", "Correo electrónico", "E-mail", "Email"),
    "expected_revenue": ("Ingreso esperado", "Ingresos esperados", "Monto", "Monto esperado", "Expected Revenue"),
    "function": ("Puesto de trabajo", "Cargo", "Job Position"),
    "is_company": ("Es una empresa", "Es una compañía", "Is a Company"),
    "lost_reason_id": ("Motivo de pérdida", "Razón de pérdida", "Lost Reason"),
    "campaign_id": ("Campaña", "Campaign"),
    "medium_id": ("Medio", "Medium"),
    "mobile": ("Móvil", "Celular", "Mobile"),
    "name": ("Nombre", "Oportunidad", "Name", "Opportunity"),
    "partner_id": ("Cliente", "Contacto", "Customer"),
    "partner_name": ("Nombre de la empresa", "Nombre de la compañía", "Empresa", "Company Name"),
    "phone": ("Teléfono", "Phone"),
    "priority": ("Prioridad", "Priority"),
    "probability": ("Probabilidad", "Probability"),
    "referred": ("Referido por", "Recomendado por", "Referred By"),
    "source_id": ("Origen", "Fuente", "Source"),
    "stage_id": ("Etapa", "Stage"),
    "state_id": ("Región", "Provincia", "Estado", "Departamento", "State"),
    "street": ("Calle", "Dirección", "Street"),
    "tag_ids": ("Etiquetas", "Tags"),
    "team_id": ("Equipo de ventas", "Equipo", "Sales Team"),
    "type": ("Tipo", "Type"),
    "user_id": ("Vendedor", "Vendedora", "Comercial", "Responsable", "Salesperson"),
    "vat": ("RUT", "RUC", "NIF", "Identificación fiscal", "Número de identificación fiscal", "Tax ID"),
    "website": ("Sitio web", "Página web", "Website"),
    "write_date": ("Última actualización", "Última actualización el", "Last Updated on"),
    "zip": ("Código postal", "ZIP", "Zip"),
}
"""What Odoo and people commonly call fields, where no server tells what this client calls them."""


def plain(text: str) -> str:
    """The text without capitals, accents, doubled blanks and underscores."""
    return " ".join(unaccented(text).replace("_", " ").split())


def meant_operator(written: str) -> str:
    """``>=`` for ``mayor o igual que``; "" for words that mean none."""
    said = plain(written)
    while said not in _OF_WORDS and (shorter := _TRAILING.sub("", said)) != said:
        said = shorter
    return _OF_WORDS.get(said, "")


def operator_in(text: str) -> tuple[str, str]:
    """The operator with which a value begins, and the rest: ``>=`` and ``3000000`` of ``>= 3000000``; "" for none."""
    for word in _LONGEST_FIRST:
        if text.startswith(word):
            return meant_operator(word), text.removeprefix(word).strip()
    words = text.split()
    for count in range(min(len(words) - 1, 6), 0, -1):
        if operator := meant_operator(" ".join(words[:count])):
            return operator, " ".join(words[count:])
    return "", text


def meant_truth(value: object) -> str:
    """What to do about ``sí`` or ``no``, which are texts in YAML: ``did you mean true?``; "" for anything else."""
    meant = _TRUTHS.get(plain(value), "") if isinstance(value, str) else ""
    return _("did you mean {names}?").format(names=meant) if meant else ""


def meant_date(value: object) -> str:
    """What to do about ``31/12/2026`` or ``31 de diciembre de 2026``; "" for what is no date so written.

    Day and month stand in the order of Spanish; where they can stand in the other one too, both are named.
    """
    said = plain(value) if isinstance(value, str) else ""
    days: list[tuple[int, int, int]] = []
    if numbers := _IN_NUMBERS.fullmatch(said):
        first, second, year = map(int, numbers.groups())
        days = [(year, second, first), (year, first, second)]
    elif (words := _IN_WORDS.fullmatch(said)) and words[2][:3] in _MONTHS:
        days = [(int(words[3]), _MONTHS.index(words[2][:3]) + 1, int(words[1]))]
    found: list[str] = []
    for day in days:
        with suppress(ValueError):
            found.append(date(*day).isoformat())
    return _("did you mean {names}?").format(names=one_of(list(dict.fromkeys(found)))) if found else ""


def unknown_operator(written: str) -> str:
    """What to do about an operator that there is none of: the one that was meant, those it resembles, or all."""
    if meant := meant_operator(written):
        return _("did you mean {names}?").format(names=meant)
    return did_you_mean(written, SHAPES, _("the operators are {names}").format(names=" ".join(SHAPES)))


def meant_join(key: str, value: object) -> str:
    """``all`` for ``todos``, where conditions stand in ``value``; "" for a key that is none of these words."""
    word = _JOINS.get(plain(key), "")
    conditions = value if isinstance(value, list) else [value]
    of_conditions = all(isinstance(item, Mapping) and not set(item) <= set(SHAPES) for item in conditions)
    return word if conditions and (word == "domain" or of_conditions) else ""


def meant_of_list(value: Mapping[Any, Any]) -> dict[str, str]:
    """Keys as they stand -> what they mean, of what is asked of a list: ``{suma: amount_total, donde: {...}}``.

    Empty where the mapping asks nothing of a list: several of these words are comparisons too (``{minimo: 5}``).
    """
    functions = {
        key: word for key in value if (word := _FUNCTIONS.get(plain(str(key)))) and _is_asked(word, value[key])
    }
    if not any(meant_operator(str(key)) for key in value.keys() - functions.keys()):
        functions = {key: word for key, word in functions.items() if not meant_operator(str(key))}
    if not functions and value.keys().isdisjoint(FUNCTIONS):
        return {}
    beside = {key: word for key in value if (word := _BESIDE.get(plain(str(key))))}
    return {key: word for key, word in (functions | beside).items() if word not in value}


def _is_asked(function: str, value: object) -> bool:
    """Whether the value is what a function takes: the name of a field, or ``true`` where it needs none."""
    if FUNCTIONS[function]:
        return isinstance(value, str) and _NAME.fullmatch(value) is not None
    return value is True or (isinstance(value, str) and _TRUTHS.get(plain(value)) == "true")


def meant_owner(written: object) -> str:
    """``company`` for ``empresa``, of whose list is asked; "" for what means none."""
    return _WHOSE.get(plain(written), "") if isinstance(written, str) else ""


def called(name: str, labels: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> str:
    """What to do about a name that is the label of fields: ``did you mean source_id (Origen)?``; "" if it is none.

    ``labels``: fields with what they are called.
    """
    wanted = plain(name)
    same = dict.fromkeys(f"{field} ({label})" for field, label in labels if plain(label) == wanted)
    return _("did you mean {names}?").format(names=one_of(list(same)[:_FIRST])) if same else ""


def commonly_called(name: str) -> str:
    """The same by the labels that are common."""
    return called(name, [(field, label) for field, labels in COMMON_LABELS.items() for label in labels])
