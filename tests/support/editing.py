"""Specs, odd layouts and edits at random, for the tests of `segmenter.editing`."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import Any

from segmenter.editing import Edit, Insert, Move, Put, Remove, SpecDocument, open_document
from segmenter.errors import SpecError
from segmenter.spec.model import Client
from segmenter.spec.starters import CHECKOUT, template

_TESTS = Path(__file__).parents[1]
TEXTS = [
    *("Alto", "NO", "08001", "+56 2 2222 2222", "12:30", "2026-03-01", "5%..25%", "a: b", "a #b", "[NO TOCAR]", ">="),
    *(
        "",
        "¿Qué?",
        "it's",
        'di "hola"',
        "yes",
        "null",
        "~",
        "1_000",
        "0x1F",
        "- x",
        "a, b",
        "*x",
        "a\tb",
        "dos\nlíneas",
    ),
    *("=", "<<", "<", "!x", "%", "@x", "x:", "x" * 130, "Ñuñoa 🌱", "\\d", "1e5", ".5", "---", "...", "y", "90 days"),
]
SCALARS: list[Any] = [*TEXTS, None, True, False, 0, 3, -5, 5_000_000, 0.1, 2.5]
KEYS = ["city", "name", ">=", "country_id.code", "NO", "08001", "x y", "any", "not", "?", "a: b", "#"]


def specs() -> dict[str, str]:
    """Every spec that the tests know and that can be read, by its file."""
    paths = [*CHECKOUT.glob("*.yaml"), *(_TESTS / "bad_specs").glob("*.yaml"), *(_TESTS / "corpus/spec").glob("*.yaml")]
    texts = {path.name: path.read_text("utf-8") for path in sorted(paths)}
    texts["template"] = template(Client("Viveros"), "x")
    found = {}
    for name, text in texts.items():
        try:
            open_document(text, name)
        except SpecError:
            continue
        found[name] = text
    return found


def odd(text: str, random: Random) -> str:
    """The same data in a layout that people leave behind."""
    lines = text.split("\n")
    made: list[str] = []
    for line in lines:
        margin = re.match(r" *", line).group()  # type: ignore[union-attr]
        if line.strip() and random.random() < 0.08:
            made.append(margin + "# un comentario: con [signos] y - guiones")
        if random.random() < 0.04:
            made.append(random.choice(["", "", "   "]))
        if random.random() < 0.03:
            made.append(random.choice(["# al margen", margin + "      # más adentro", "  # a dos"]))
        if line.strip() and not line.strip().startswith("#") and random.random() < 0.06 and " #" not in line:
            line += "     # al final"
        made.append(line)
    text = "\n".join(made)
    if random.random() < 0.1:
        text = text.replace("\n", "\r\n")
    if random.random() < 0.1:
        text = text.rstrip("\r\n")
    return text


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    """Every place of the data with what stands there."""
    found = [(path, data)]
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        found += paths(value, (*path, key))
    return found


def some_value(random: Random, depth: int = 3) -> Any:
    kind = random.random()
    if depth and kind < 0.2:
        return {random.choice(KEYS): some_value(random, depth - 1) for _ in range(random.randrange(4))}
    if depth and kind < 0.4:
        return [some_value(random, depth - 1) for _ in range(random.randrange(4))]
    return random.choice(SCALARS)


def mixed(value: Any, random: Random) -> Any:
    """The value with something taken away, added, put elsewhere or replaced."""
    if isinstance(value, dict) and value:
        items = [(key, mixed(item, random) if random.random() < 0.3 else item) for key, item in value.items()]
        if random.random() < 0.3:
            del items[random.randrange(len(items))]
        if random.random() < 0.3:
            items.insert(random.randrange(len(items) + 1), (random.choice(KEYS), some_value(random)))
        if random.random() < 0.2:
            random.shuffle(items)
        return dict(items)
    if isinstance(value, list) and value:
        items_ = [mixed(item, random) if random.random() < 0.3 else item for item in value]
        if random.random() < 0.3:
            del items_[random.randrange(len(items_))]
        if random.random() < 0.3:
            items_.insert(random.randrange(len(items_) + 1), some_value(random))
        if random.random() < 0.2:
            random.shuffle(items_)
        return items_
    return some_value(random)


def some_edit(document: SpecDocument, random: Random) -> Edit:
    """One edit that the document can take."""
    places = paths(document.data)
    path, value = random.choice(places)
    lists = [(path, value) for path, value in places if isinstance(value, list)]
    kind = random.random()
    if kind < 0.2 and lists:
        path, value = random.choice(lists)
        return Insert(path, random.randrange(len(value) + 1), some_value(random))
    if kind < 0.4 and any(value for _path, value in lists):
        path, value = random.choice([found for found in lists if found[1]])
        return Move(path, random.randrange(len(value)), random.randrange(len(value)))
    if kind < 0.6 and path:
        return Remove(path)
    if kind < 0.7 and isinstance(value, dict):
        return Put((*path, random.choice(KEYS)), some_value(random))
    if kind < 0.9 and path:
        return Put(path, mixed(value, random))
    return Put(path, some_value(random)) if path else Put(path, mixed(value, random))
