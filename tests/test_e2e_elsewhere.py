"""Names that Odoo has already, in another language, in the archive, or in other capitals: told before anything is made.

What Odoo itself does of them differs by version, and `resolving.names` and `resolving.favourites` say how.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from segmenter.errors import SpecError
from segmenter.ledger import RunReport, open_ledger
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server, ServerIdentity
from segmenter.resolving.custom_fields import declared_fields
from segmenter.resolving.resolve import survey
from segmenter.spec import loads
from segmenter.spec.model import Spec
from tests.support.engagement import Crm, Engagement

pytest_plugins = ["tests.support.engagement_fixtures"]


SPEC_OF_A_FIELD = """
version: 1
client: {name: Viveros}
scope: {model: crm.lead}
fields:
  x_oculto: {type: text, label: Oculto}
segmentations:
  - name: A
    segments:
      - {name: B, when: {city: Lima}, set: {x_oculto: si}}
"""


def bilingual(e: Engagement, model: str, english: str, spanish: str) -> int:
    """A record that people named in English, and translated."""
    (record,) = e.crm.call(model, "create", [{"name": english}], lang="en_US")
    e.crm.call(model, "write", [record], {"name": spanish}, lang="es_CL")
    return int(record)


def segment(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "when": {"expected_revenue": {">=": 0}}, **more}


def tags(e: Engagement, name: str, **top: Any) -> Spec:
    return e.spec({"name": "Rubro", "store": {"tags": "exclusive"}, "segments": [segment(name)]}, **top)


def doing(e: Engagement, **actions: Any) -> Spec:
    return e.spec({"name": "Rubro", "segments": [segment("Todos", set=actions)]})


def of_contacts(e: Engagement, name: str) -> Spec:
    content = {
        "name": "Rubro",
        "store": {"categories": "exclusive"},
        "segments": [{"name": name, "when": {"city": "x"}}],
    }
    return e.spec(content, scope={"model": "res.partner", "where": {"ref": e.mark}})


def problem(e: Engagement, spec: Spec) -> tuple[str, str]:
    """What a plan says, and `check` and `validate` with it."""
    with pytest.raises(SpecError) as caught:
        e.draft(spec, "manager")
    (found,) = caught.value.problems
    reader, catalog, clock = e.look(spec, e.crm.connect("manager"))
    assert [one.what for one in survey(spec, reader, catalog, clock).problems] == [found.what]
    return found.what, found.todo


@pytest.mark.parametrize("kind", ["tag store", "add", "stage", "category", "path"])
def test_a_name_that_another_language_has_is_not_made_a_second_time(engagement: Engagement, kind: str) -> None:
    e = engagement
    e.make_leads(1)
    english, spanish = e.tag("Wholesale"), e.tag("Mayorista")

    def spec(name: str) -> Spec:
        match kind:
            case "tag store":
                return tags(e, name)
            case "add":
                return doing(e, tag_ids={"add": [name]})
            case "stage":
                return doing(e, stage_id=name)
            case _:
                return of_contacts(e, name)

    model = {"stage": "crm.stage", "category": "res.partner.category", "path": "res.partner.category"}.get(
        kind, "crm.tag"
    )
    record = bilingual(e, model, english, spanish)
    if kind == "path":
        (below,) = e.crm.call(model, "create", [{"name": e.tag("Big"), "parent_id": record}], lang="en_US")
        e.crm.call(model, "write", [below], {"name": e.tag("Grande")}, lang="es_CL")
        english, spanish, record = f"{english} / {e.tag('Big')}", f"{spanish} / {e.tag('Grande')}", below
    what, todo = problem(e, spec(english))
    assert what.startswith(f"“{english}” is what en_US calls a record of ")
    assert what.endswith(f" that is there: “{spanish}” (id {record})")
    assert todo.startswith(f"write “{spanish}”, its name in es_CL")
    assert e.draft(spec(spanish), "manager").resolved.config == ()  # the hint holds


def test_a_parent_that_another_language_names_is_not_made_a_second_time(engagement: Engagement) -> None:
    e = engagement
    bilingual(e, "res.partner.category", e.tag("Trade"), e.tag("Comercio"))
    with pytest.raises(SpecError, match=f"write “{e.tag('Comercio')}”, its name in es_CL"):
        e.draft(of_contacts(e, f"{e.tag('Trade')} / Nueva"))


def test_a_tag_to_take_away_is_named_in_the_clients_language_too(engagement: Engagement) -> None:
    e = engagement
    bilingual(e, "crm.tag", e.tag("Old"), e.tag("Antiguo"))
    with pytest.raises(SpecError, match=f"write “{e.tag('Antiguo')}”"):
        e.draft(doing(e, tag_ids={"remove": [e.tag("Old")]}))
    assert e.draft(doing(e, tag_ids={"remove": [e.tag("Nunca")]})).resolved.config == ()


def test_a_condition_says_which_name_is_meant(engagement: Engagement) -> None:
    e = engagement
    record = bilingual(e, "crm.tag", e.tag("Cold"), e.tag("Frío"))
    spec = e.spec(
        {"name": "Rubro", "segments": [segment("Todos", when={"tag_ids": e.tag("Cold")}, set={"priority": 1})]}
    )
    what, todo = problem(e, spec)
    assert (what.startswith(f"Nothing is called {e.tag('Cold')} in crm.tag"), record > 0) == (True, True)
    assert todo == f"another language has that name: write {e.tag('Frío')} (en_US: {e.tag('Cold')})"


def test_names_differ_as_odoo_tells_them_apart(engagement: Engagement) -> None:
    """Capitals and blanks make another tag on all versions, and Odoo makes it."""
    e = engagement
    bilingual(e, "crm.tag", e.tag("Wet"), e.tag("Mojado"))
    e.make_leads(1)
    for name in (e.tag("wet"), e.tag("mojado")):
        assert e.apply(e.plan(tags(e, name))).counts == {"applied": 1}


def favourites(e: Engagement, **about: Any) -> int:
    """A shared favourite that people made, called as our own will be but for what is given."""
    about = {"name": f"1 {e.tag('Alto')} · Rubro", "domain": "[('priority', '=', '3')]", **about}
    (made,) = e.crm.create("ir.filters", {"model_id": "crm.lead", **e.crm.shared, **about})
    return made


def planned(e: Engagement) -> RunReport:
    e.make_leads(1)
    return e.apply(e.plan(tags(e, e.tag("Alto"), filters="shared")))


def named_so(e: Engagement) -> list[dict[str, Any]]:
    domain = [["name", "ilike", f"1 {e.tag('Alto')}"], ["active", "in", [True, False]]]
    return e.crm.find("ir.filters", domain, ["name", "active", "domain"])


def test_a_favourite_in_the_archive_comes_out_of_it_and_goes_back(engagement: Engagement) -> None:
    e = engagement
    made = favourites(e, active=False)
    before = named_so(e)
    report = planned(e)
    (now,) = named_so(e)
    assert (now["id"], now["active"]) == (made, True)
    assert "tag_ids" in now["domain"]
    assert e.changes(tags(e, e.tag("Alto"), filters="shared")) == []
    e.undo(report.run.id)
    assert named_so(e) == before


def test_a_favourite_that_differs_in_capitals_is_the_same_where_odoo_says_so(engagement: Engagement) -> None:
    e = engagement
    favourites(e, name=f"1 {e.tag('Alto').upper()} · RUBRO")
    assert planned(e).counts == {"applied": 1}
    one = e.crm.admin.identity.major < 18
    assert len(named_so(e)) == (1 if one else 2)
    assert e.changes(tags(e, e.tag("Alto"), filters="shared")) == []


def test_a_favourite_of_one_screen_is_left_alone(live_crm: Crm, tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        e = Engagement(live_crm, ledger)
        screen = e.crm.call("ir.actions.act_window", "search", [["res_model", "=", "crm.lead"]])[0]
        made = favourites(e, action_id=screen)
        assert planned(e).counts == {"applied": 1}
        assert [row["domain"] for row in named_so(e) if row["id"] == made] == ["[('priority', '=', '3')]"]
        assert len(named_so(e)) == 2


def test_a_favourite_by_the_name_that_it_was_first_given(engagement: Engagement) -> None:
    e = engagement
    made = favourites(e)
    translated = e.crm.call("ir.filters", "fields_get", ["name"], ["translate"])["name"].get("translate")
    e.crm.call("ir.filters", "write", [made], {"name": e.tag("Favorito")}, lang="es_CL")
    assert planned(e).counts == {"applied": 1}
    (row,) = e.crm.find("ir.filters", [["id", "=", made]], ["name"])
    assert row["name"] == (f"1 {e.tag('Alto')} · Rubro" if translated else e.tag("Favorito"))
    assert e.changes(tags(e, e.tag("Alto"), filters="shared")) == []


def test_a_tag_that_came_since_the_plan(engagement: Engagement) -> None:
    """Where Odoo refuses it, the run says whose name it is, and goes on once that is mended."""
    e = engagement
    e.make_leads(2)
    plan = e.plan(tags(e, e.tag("Fresh")))
    record = bilingual(e, "crm.tag", e.tag("Fresh"), e.tag("Fresco"))
    report = e.apply(plan)
    if e.crm.admin.identity.major >= 16:  # and then there are two
        assert report.counts == {"applied": 2}
        return
    (left,) = report.left
    assert left.detail.startswith(f"“{e.tag('Fresh')}” is what en_US calls a record of tag that is there")
    assert "applied" not in report.counts
    e.crm.call("crm.tag", "write", [record], {"name": e.tag("Other")}, lang="en_US")
    assert e.resume(report.run.id).counts["applied"] >= 2


@dataclass(frozen=True)
class Hiding:
    """A server that does not tell of one field, as Odoo does not of those that other groups alone see.

    Measured: the groups of a field that was made by hand hide it from nobody; those of a module's field do.
    """

    server: Server
    field: str

    @property
    def identity(self) -> ServerIdentity:
        return self.server.identity

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        answer = self.server.execute_kw(model, method, args, kwargs)
        return (
            {name: about for name, about in answer.items() if name != self.field} if method == "fields_get" else answer
        )


def test_a_field_that_other_groups_alone_see_is_not_made_again(live_crm: Crm) -> None:
    """As far as Odoo tells: 14 to everybody, 19 to administrators, who alone make fields."""
    (model,) = live_crm.ids("ir.model", [["model", "=", "crm.lead"]])
    about = {"name": "x_oculto", "model_id": model, "ttype": "char", "field_description": "Oculto"}
    made = live_crm.create("ir.model.fields", about)
    try:
        spec = loads(SPEC_OF_A_FIELD, "spec.yaml")
        (declared,) = declared_fields(spec, OdooReader(Hiding(live_crm.admin, "x_oculto"), language="es_CL"))
        assert declared.differs == "x_oculto is there in Odoo already, and only other groups of users see it"
    finally:
        live_crm.call("ir.model.fields", "unlink", made)
