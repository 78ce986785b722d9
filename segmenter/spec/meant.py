"""What a Spanish speaker may write for a key of a spec, for one of its words, or for a number: the form that it has."""

from __future__ import annotations

import re
from collections.abc import Iterable

from segmenter.conditions.meant import plain
from segmenter.conditions.near import near_misses

# Key -> what may stand for it. A word stands for several keys where these never belong to one mapping.
_KEYS: dict[str, tuple[str, ...]] = {
    "add": ("agregar", "anadir"),
    "approver": ("aprobador", "aprobadora", "aprueba"),
    "archived": ("archivados",),
    "assign": ("asignar", "entregar", "repartir"),
    "by": ("por", "reparto"),
    "cap": ("maximo", "tope"),
    "categories": ("categorias",),
    "changes": ("cambios",),
    "client": ("cliente",),
    "color": ("colour",),
    "consultant": ("consultor", "consultora"),
    "convert": ("convertir",),
    "customer": ("cliente", "contacto"),
    "database": ("base", "base de datos"),
    "default": ("por defecto", "predeterminado", "resto"),
    "description": ("descripcion",),
    "email": ("correo",),
    "examples": ("ejemplos",),
    "expect": ("espera", "esperado", "se espera"),
    "field": ("campo",),
    "fields": ("campos",),
    "filter": ("favorito", "filtro"),
    "filters": ("favoritos", "filtros"),
    "firm": ("empresa",),
    "from": ("desde",),
    "given": ("dado", "datos"),
    "help": ("ayuda",),
    "include_contacts": ("incluir contactos",),
    "label": ("etiqueta", "titulo"),
    "language": ("idioma",),
    "limits": ("limites",),
    "model": ("modelo",),
    "moved_stages": ("cambios de etapa",),
    "multiple": ("multiples", "varios"),
    "name": ("nombre",),
    "new_contacts": ("contactos nuevos",),
    "only_if_empty": ("solo si vacio", "solo si esta vacio"),
    "overwrites": ("reemplazos", "sobrescrituras"),
    "phone": ("telefono",),
    "portfolio": ("cartera",),
    "protect": ("proteger", "protegidos"),
    "record": ("registro",),
    "remove": ("quitar",),
    "removed_tags": ("etiquetas quitadas",),
    "require_approval": ("exigir aprobacion", "requiere aprobacion"),
    "scope": ("alcance",),
    "segmentations": ("segmentacion", "segmentaciones"),
    "segments": ("segmentos",),
    "set": ("asignaciones", "asignar", "fijar"),
    "signature": ("firma",),
    "share": ("compartir",),
    "show": ("mostrar", "muestra"),
    "store": ("guardar", "guardar en"),
    "tags": ("etiqueta", "etiquetas"),
    "timezone": ("huso horario", "zona horaria"),
    "to": ("a", "hacia"),
    "tracking": ("historial", "seguimiento"),
    "type": ("tipo",),
    "url": ("direccion", "servidor"),
    "user": ("usuario",),
    "value": ("valor",),
    "values": ("valores",),
    "when": ("condicion", "criterio", "cuando", "si"),
    "where": ("condicion", "donde"),
}

_WORDS: dict[str, tuple[str, ...]] = {
    "boolean": ("booleano",),
    "create": ("crear",),
    "crm.lead": ("iniciativas", "leads", "oportunidades", "prospectos"),
    "date": ("fecha",),
    "exclusive": ("exclusiva", "exclusivas", "exclusivo", "excluyentes", "una", "unica"),
    "float": ("decimal", "numero"),
    "integer": ("entero",),
    "keep": ("anotar", "mantener"),
    "least_loaded": ("menos carga", "quien tenga menos"),
    "link": ("enlazar", "vincular"),
    "many": ("muchas", "multiples", "varias", "varios"),
    "none": ("ninguna", "ninguno", "no"),
    "off": ("apagado", "sin limite"),
    "res.partner": ("clientes", "contactos", "empresas"),
    "round_robin": ("en orden", "por turno"),
    "selection": ("lista", "seleccion"),
    "shared": ("compartido", "compartidos"),
    "silent": ("silencio", "silencioso"),
    "text": ("texto",),
}

_OF_WORDS = {spanish: word for word, words in _WORDS.items() for spanish in words}
_FROM_TO = re.compile(
    r"(?:(?:entre|de|desde)\s+)?([\d.,]+ ?%?)\s*(?:\b(?:a|y|hasta)\b|-|\N{EN DASH})\s*([\d.,]+ ?%?)", re.IGNORECASE
)
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")


def meant_key(key: str, known: Iterable[str]) -> str | None:
    """The key of ``known`` that was meant, misspelt or in Spanish; None if none is similar."""
    known = list(known)
    said = plain(key)
    spanish = next((word for word in known if said in _KEYS.get(word, ())), None)
    return spanish or next(iter(near_misses(key, known)), None)


def meant_word(text: str) -> str:
    """The word of specs for a Spanish one; "" for others."""
    return _OF_WORDS.get(plain(text), "")


def meant_amount(text: str) -> str:
    """``400..1500`` for ``entre 400 y 1.500``, ``10%`` for ``10 %``: what an amount or a range could be meant for."""
    written = text.strip()
    between = _FROM_TO.fullmatch(written)
    low_high = f"{between[1]}..{between[2]}" if between else written
    return meant_word(text) or _THOUSANDS.sub("", low_high).replace(" ", "")
