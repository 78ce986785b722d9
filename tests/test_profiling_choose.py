"""Which fields a profile looks at."""

from __future__ import annotations

import pytest

from segmenter.conditions.vocabulary import Field
from segmenter.profiling.choose import worth


@pytest.mark.parametrize(
    ("field", "profiled"),
    [
        (Field("crm.lead", "x_rubro", "char", "Rubro"), True),
        (Field("crm.lead", "x_partner_ids", "many2many", "Contactos", relation="res.partner"), True),
        (Field("crm.lead", "tag_ids", "many2many", "Etiquetas", relation="crm.tag"), True),
        (Field("crm.lead", "visitor_ids", "many2many", "Visitantes", relation="website.visitor"), False),
        (Field("crm.lead", "message_bounce", "integer", "Rebotes"), False),
        (Field("crm.lead", "alias_model", "many2one", "Modelo", relation="ir.model"), False),
        (Field("crm.lead", "city", "char", "Ciudad", stored=False), False),
        (Field("crm.lead", "description", "html", "Notas"), False),
    ],
)
def test_a_field_is_profiled_when_people_fill_it_and_it_distinguishes_records(field: Field, profiled: bool) -> None:
    assert (worth({field.name: field}) == [field]) is profiled
