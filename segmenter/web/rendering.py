"""The pages' HTML: templates of this package, with the parts that the reports use."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from segmenter.i18n import _, ngettext
from segmenter.reports.text import clean
from segmenter.reports.values import called


def render(template: str, **about: Any) -> str:
    """The HTML of a template; every text in it is escaped, and safe to print."""
    return clean(_environment().get_template(template).render(**about))


@cache
def _environment() -> Environment:
    made = Environment(
        loader=ChoiceLoader([PackageLoader("segmenter.web"), PackageLoader("segmenter.reports")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"_": _, "ngettext": ngettext, "called": called}
    return made
