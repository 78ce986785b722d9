"""The language to read names in."""

from __future__ import annotations

from xmlrpc.client import Fault

import pytest

from segmenter.errors import AccessDenied
from segmenter.odoo.language import choose_language
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.transport_faults import TransportFailed
from tests.support.fakes import Scripted

RESET = TransportFailed("crm.example closed the connection without an answer", passing=True)


@pytest.mark.parametrize(
    ("wanted", "active", "own", "code"),
    [
        ("es_CL", ["en_US", "es_CL", "es_ES"], "en_US", "es_CL"),
        ("es_CL", ["en_US", "es_419", "es_ES"], "en_US", "es_419"),
        ("es_CL", ["en_US", "es_419", "es_ES"], "es_ES", "es_ES"),
        ("es_CL", ["en_US", "fr_FR"], "fr_FR", "fr_FR"),
        ("es_CL", ["en_US"], False, "en_US"),
        ("es_CL", ["en_US"], "pt_BR", "en_US"),
    ],
)
def test_the_nearest_language_that_is_active(wanted: str, active: list[str], own: object, code: str) -> None:
    server = Scripted([[{"id": 1, "code": one} for one in active], [{"id": 7, "lang": own}]])
    language = choose_language(OdooReader(server), wanted)
    assert language.code == code
    said = f"The language {wanted} is not installed on the server: names are read in {code}"
    assert language.warning == ("" if wanted == code else said)


def test_a_server_that_is_busy_is_asked_again_in_no_language() -> None:
    server = Scripted([RESET, [{"id": 1, "code": "es_CL"}], [{"id": 7, "lang": "es_CL"}]])
    assert choose_language(OdooReader(server, sleep=lambda _seconds: None), "es_CL").warning == ""
    assert [(call[0], call[3]) for call in server.calls] == [
        *[("res.lang", {"fields": ["code"]})] * 2,
        ("res.users", {}),
    ]


def test_a_user_who_may_not_see_languages() -> None:
    with pytest.raises(AccessDenied):
        choose_language(OdooReader(Scripted([Fault(4, "no")])), "es_CL")
