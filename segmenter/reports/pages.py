"""Self-contained HTML pages: one file that asks the network for nothing and runs nothing but what we wrote.

A page is a template of ``templates/`` that extends ``base.html``; its style and its script are files beside it, put
into the page with their SHA-256 in the Content-Security-Policy. So a text of the CRM could not run, even if escaping
failed; and every text is escaped, because the templates are.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from html import unescape
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from segmenter.i18n import _, ngettext
from segmenter.reports.text import Style, clean

_UNSAFE = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def page(template: str, style: Style, *, css: Sequence[str] = (), js: Sequence[str] = (), **about: Any) -> str:
    """The HTML of ``template``. ``css`` and ``js``: files of ``templates/``, after those that every page has.

    A template knows ``say`` (the `Style`), ``clean``, ``_`` and ``ngettext``, ``island`` and what ``about`` names.
    """
    looks = "".join(_file(name) for name in ("base.css", *css))
    script = "".join(_file(name) for name in js)
    policy = "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_hash(looks)}'",
            f"script-src '{_hash(script)}'" if script else "script-src 'none'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return (
        _environment()
        .get_template(template)
        .render(
            say=style,
            language=str(style.locale).replace("_", "-"),
            policy=policy,
            looks=Markup(looks),  # noqa: S704 - files of ours
            script=Markup(script),  # noqa: S704
            **about,
        )
    )


def policy_in(html: str) -> str:
    """The Content-Security-Policy that a page made here states, for a server that sends one with every answer."""
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    return unescape(found[1]) if found else "default-src 'none'"


def island(value: Any) -> Markup:
    """``value`` as JSON that is safe inside ``<script type="application/json">``: no browser runs such an element,
    and no text in it can end it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE))  # noqa: S704 - what could end the element is escaped


def _printable(value: Any) -> Any:
    """Every text that a template prints, without control characters and marks that turn text around."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("segmenter.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"_": _, "ngettext": ngettext, "clean": clean, "island": island}
    return made


@cache
def _file(name: str) -> str:
    return (resources.files("segmenter.reports") / "templates" / name).read_text("utf-8").replace("\r\n", "\n")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
