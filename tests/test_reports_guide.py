"""The guide to the work user: what applies, and nothing else."""

from __future__ import annotations

import pytest

from segmenter.i18n import use_language
from segmenter.reports.guide import SCREENS, Case, document, screens_of, sections, terminal
from tests.support.report_samples import printed


def said(case: Case) -> str:
    return "\n".join(step for section in sections(case) for step in section.steps)


@pytest.mark.parametrize("major", range(14, 20))
def test_each_version_has_its_own_steps(major: int) -> None:
    (screens,) = screens_of(major)
    assert major in screens.versions
    found = sections(Case(major=major))
    assert len(found) == 4
    assert str(screens.add_key) in said(Case(major=major))


def test_an_unknown_version_gets_the_steps_of_all_each_with_its_name() -> None:
    for major in (None, 0, 13, 25):
        found = sections(Case(major=major))
        assert len(found) == 4 * len(SCREENS)
        assert found[0].title.endswith("(Odoo 14)")


def test_what_was_read_on_the_screens() -> None:
    use_language("es")
    old, new = said(Case(major=14)), said(Case(major=19))
    for text in ("Ajustes > Usuarios y compañías > Usuarios", "Usuario: Mostrar todos los documentos", "New API Key"):
        assert text in old
    for text in ("Ajustes > Usuarios y empresas > Usuarios", "Usuario: todos los documentos", "Mis preferencias"):
        assert text in new
    assert "Agregar clave API" in new


@pytest.mark.parametrize(
    ("major", "menu", "level"),
    [
        (14, "Usuarios y compañías", "Usuario: Mostrar todos los documentos"),
        (17, "Usuarios y empresas", "Usuario: todos los documentos"),
        (18, "Usuarios y empresas", "Usuario: todos los documentos"),
        (19, "Usuarios y empresas", "Usuario: todos los documentos"),
    ],
)
def test_the_form_is_called_as_each_version_calls_it(major: int, menu: str, level: str) -> None:
    use_language("es")
    found = said(Case(major=major))
    assert f"«Ajustes > {menu} > Usuarios» (Settings > Users & Companies > Users)" in found
    assert f"«{level}» (User: All Documents)" in found


@pytest.mark.parametrize("major", range(14, 20))
def test_the_language_is_chosen_before_the_screens_of_the_work_user_are_named(major: int) -> None:
    use_language("es")
    user, key, *_rest = (one.steps for one in sections(Case(major=major)))
    assert "la pestaña «Preferencias» (Preferences)" in " ".join(user)
    assert "«Idioma» (Language)" in " ".join(user)
    assert "Preferencias" in " ".join(key) or "preferencias" in " ".join(key)


def test_the_least_privilege_comes_first_and_more_only_for_what_needs_it() -> None:
    least = said(Case(major=19, manager_for=()))
    assert "User: All Documents" in least
    assert "until the plan is applied" not in least
    assert "Only if the plan has to create stages" not in least
    more = said(Case(major=19, manager_for=("Negociación",)))
    assert "needs more on this server, for: Negociación" in more
    assert more.index("User: All Documents") < more.index("Negociación")
    assert "Only if the plan has to create stages" in said(Case(major=19))


def test_keys_expire_from_18_on() -> None:
    for major in range(14, 20):
        assert ("90 days" in said(Case(major=major))) is (major >= 18)


def test_custom_fields_are_an_administrators_work() -> None:
    assert "custom fields (x_zona)" in said(Case(major=19, fields=("x_zona",)))
    assert "custom fields" not in said(Case(major=19))


def test_the_commands_are_those_of_this_spec() -> None:
    case = Case("s@v.example", "https://v.example/", "viveros.yaml", "s@v.example@https://v.example/viveros", 19)
    text = said(case)
    assert "keyring set segmenter s@v.example@https://v.example/viveros" in text
    assert "segmenter check viveros.yaml" in text
    assert "https://v.example/odoo/action-base.action_apikeys_admin" in text
    assert "Custom plan" not in text
    assert "Custom plan" in said(Case(url="https://v.odoo.com", major=19))


def test_the_terminal_and_the_document_hold_the_same() -> None:
    case = Case(major=19)
    shown = printed(terminal(case), 2000)
    for section in document(case)["sections"]:
        assert section.title in shown
        assert all(step in shown for step in section.steps)
