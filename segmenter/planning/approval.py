"""Whose sign-off counts, and what cannot be signed off."""

from __future__ import annotations

import unicodedata
from email.utils import parseaddr

from segmenter.planning.limits import NOT_OVERRIDABLE
from segmenter.plans.plan import Plan, Violation


def is_approver(by: str, approver: str) -> bool:
    """Whether ``by`` is the person whom the spec names as ``approver`` (``Name <e-mail>``, or either of the two).

    The e-mail decides where both have one, the name otherwise; capitals, accents and double spaces do not count.
    Anybody is, where the spec names nobody.
    """
    (name, address), (wanted_name, wanted_address) = _person(by), _person(approver)
    if not (wanted_name or wanted_address):
        return bool(name or address)
    if address and wanted_address:
        return address == wanted_address
    return bool(name) and name == wanted_name


def called(approver: str) -> str:
    """The name of the approver, or the e-mail where the spec gives no name."""
    return parseaddr(approver)[0] or approver if "@" in approver else approver


def beyond_approval(plan: Plan) -> list[Violation]:
    """What keeps a plan from ever being applied, so that nobody can sign it off: rights and failing examples."""
    return [violation for violation in plan.violations if violation.limit in NOT_OVERRIDABLE]


def _person(text: str) -> tuple[str, str]:
    """Name and e-mail, each may be empty, in a form that can be compared."""
    name, address = parseaddr(text) if "@" in text else (text, "")
    return _comparable(name), _comparable(address)


def _comparable(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
