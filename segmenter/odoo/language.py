"""Which language to read names in: the client's where the server has it."""

from __future__ import annotations

from dataclasses import dataclass

from segmenter.i18n import _
from segmenter.odoo.reader import OdooReader


@dataclass(frozen=True, slots=True)
class Language:
    """An active language of the server; ``warning`` says so when it is not the one asked for."""

    code: str
    warning: str = ""


def choose_language(reader: OdooReader, wanted: str) -> Language:
    """``wanted`` if the server has it active, else a sister (``es_CL`` -> ``es_419``), else the user's own.

    An inactive language in the context is ignored by older servers and refused by newer ones.
    """
    active, own = reader.languages()
    if wanted in active:
        return Language(wanted)
    sisters = [code for code in active if code.split("_")[0] == wanted.split("_")[0]]
    code = own if own in sisters or not sisters else sisters[0]
    if code not in active:
        code = "en_US"
    return Language(
        code,
        _("The language {wanted} is not installed on the server: names are read in {code}").format(
            wanted=wanted, code=code
        ),
    )
