"""Specs to start from: the commented template of `segmenter init`, and the ready specs of some trades."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from functools import partial
from importlib import resources
from pathlib import Path

from segmenter.i18n import language
from segmenter.spec.model import Client

CHECKOUT = Path(__file__).parents[2] / "criteria"
TRADES = ("inmobiliaria", "servicios-profesionales", "vivero-minorista", "software", "distribuidora")
"""The ready specs of trades. There is one more, ``demo``, which is of no trade."""


def template(client: Client, schema: str, model: str = "crm.lead") -> str:
    """A valid, commented spec in the user's language. ``schema``: where editors find the JSON Schema."""
    kind = "contacts." if model == "res.partner" else ""
    text = resources.files("segmenter.spec").joinpath(f"template.{kind}{language()}.yaml").read_text("utf-8")
    return _of_client(text, client, schema, ("language", "timezone"))


def ready_spec(name: str) -> Path:
    """The file of a ready spec: inside the package when it is installed, in ``criteria/`` of a checkout."""
    installed = Path(str(resources.files("segmenter"))) / "criteria" / f"{name}.yaml"
    return installed if installed.exists() else CHECKOUT / f"{name}.yaml"


def adapted(name: str, client: Client, schema: str, said: Collection[str] = ()) -> str:
    """The text of a ready spec for another client. ``said``: what of ``language`` and ``timezone`` is the client's own;
    the rest stays as the spec has it. ``schema``: where editors find the JSON Schema."""
    return _of_client(ready_spec(name).read_text("utf-8"), client, schema, said)


def _of_client(text: str, client: Client, schema: str, said: Collection[str]) -> str:
    text = re.sub(r"(?m)\$schema=.*$", lambda _match: f"$schema={schema}", text, count=1)
    for key in ("name", *said):
        value = getattr(client, key)
        line = f"  {key}: {json.dumps(value, ensure_ascii=False) if key == 'name' else value}"
        text = re.sub(rf"(?m)^  {key}: [^#\n]*", partial(_beside_comment, line), text, count=1)
    return text


def _beside_comment(line: str, former: re.Match[str]) -> str:
    """The line that replaces another, as wide as it was where a comment follows."""
    width = len(former.group())
    return f"{line.ljust(width - 1)} " if former.group().endswith(" ") else line
