"""Who does the work: read from the spec and from the settings file of the machine, with the logo that they name."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from segmenter.errors import Problem, SpecError
from segmenter.i18n import _, why
from segmenter.spec.document import Data, place_in_file, read
from segmenter.spec.model import Consultant
from segmenter.spec.schema import faults
from segmenter.spec.secrets import remove_secrets

MOST_BYTES = 500_000
"""The largest logo: each page that carries it grows by a third more."""

_PNG = b"\x89PNG\r\n\x1a\n"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LOGO = ("consultant", "logo")


def consultant(data: Data) -> Consultant:
    """What the ``consultant`` of a spec or a settings file says. Parts of the wrong form are left out."""
    given = data if isinstance(data, dict) else {}
    texts: dict[str, Any] = {
        key: value for key in ("firm", "name", "email", "phone", "logo") if isinstance(value := given.get(key), str)
    }
    lines = given.get("signature")
    signature = tuple(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else ()
    return Consultant(**texts, signature=signature)


def problems(given: Consultant) -> Iterator[Problem]:
    """What is wrong beside the form; of the logo, see `with_picture`."""
    if given.email and not _EMAIL.fullmatch(given.email):
        what = _("{text} is not an e-mail address").format(text=given.email)
        yield Problem(("consultant", "email"), what, _("write it as name@firm.example"))


def of_settings(text: str, name: str) -> Consultant:
    """The consultant of a settings file. Raises `SpecError` with every problem at its line."""
    document = read(text, name)
    data, secrets = remove_secrets(document.data, text, document.positions)
    found = consultant(data.get("consultant") if isinstance(data, dict) else None)
    wrong = [*document.problems, *secrets, *faults(data, of_settings=True), *problems(found)]
    if wrong:
        located = (document.positions.located(problem) for problem in wrong)
        raise SpecError(sorted(dict.fromkeys(located), key=place_in_file))
    return found


def with_picture(given: Consultant, folder: Path) -> tuple[Consultant, Problem | None]:
    """The consultant with the logo read, from ``folder`` unless it is absolute; or without, and why not."""
    if not given.logo:
        return given, None
    file = folder / Path(given.logo).expanduser()
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        what = _("The logo {file} cannot be read: {reason}").format(file=file, reason=why(error))
        return given, Problem(_LOGO, what, _("put it there, or name where it is"))
    if len(content) > MOST_BYTES:
        what = _("The logo {file} is larger than {most} kB").format(file=file, most=MOST_BYTES // 1000)
        return given, Problem(_LOGO, what, _("save a smaller one"))
    kind = _kind(content)
    if not kind:
        what = _("The logo {file} is neither a PNG nor an SVG").format(file=file)
        return given, Problem(_LOGO, what, _("save it as one of the two"))
    return replace(given, picture=f"data:{kind};base64,{b64encode(content).decode()}"), None


def filled_up(given: Consultant, others: Consultant) -> Consultant:
    """What the first says, and where it says nothing the second. The logo goes with its picture."""
    values = {one.name: getattr(given, one.name) or getattr(others, one.name) for one in fields(Consultant)}
    if given.logo:
        values["picture"] = given.picture
    return Consultant(**values)


def _kind(content: bytes) -> str:
    """The media type by the content, whatever the file is called; "" for anything else."""
    if content.startswith(_PNG):
        return "image/png"
    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError):  # no XML, a bomb, or letters of another encoding
        return ""
    return "image/svg+xml" if root.tag == "{http://www.w3.org/2000/svg}svg" else ""
