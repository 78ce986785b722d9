"""Sentences on amounts in several currencies."""

from __future__ import annotations

from collections.abc import Mapping

from segmenter.i18n import _, all_of, ngettext


def told(currencies: Mapping[str, int]) -> str:
    """``Amounts are in several currencies: CLP (3 records) and USD (1 record)``; "" where they are in one."""
    if len(currencies) < 2:
        return ""
    parts = [
        ngettext("{code} ({number} record)", "{code} ({number} records)", number).format(
            code=code or _("unknown"), number=number
        )
        for code, number in currencies.items()
    ]
    return _("Amounts are in several currencies: {currencies}. They are never added up over these").format(
        currencies=all_of(parts)
    )


def advice(currencies: Mapping[str, int]) -> str:
    """How a condition says which currency it means."""
    code = next((code for code in currencies if code), "CLP")
    example = f'expected_revenue: {{">=": 5000000, in: {code}}}'
    return _("a condition takes each amount as it stands; name the currency that it means: {example}").format(
        example=example
    )
