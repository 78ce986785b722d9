"""What the work user may not take back of a plan's configuration."""

from __future__ import annotations

from segmenter.odoo.reader import OdooReader
from segmenter.plans.changes import ConfigChange
from segmenter.resolving.rights import undeletable
from tests.support.engagement import Embedded
from tests.support.words import sentences


def test_what_an_undo_would_leave_behind() -> None:
    crm = Embedded()
    made = ConfigChange(-1, "crm.tag", "Alto", {"name": "Alto"})
    recoloured = ConfigChange(-2, "crm.tag", "VIP", {"color": 1}, {"color": 9}, 4)
    for kind, number in (("all", 1), ("manager", 0)):
        assert len(undeletable([made, recoloured], OdooReader(crm.connect(kind)))) == number
    (sentence,) = sentences(undeletable([made, recoloured], OdooReader(crm.connect("all"))))
    assert sentence.endswith("which the work user may not delete: tags (Alto)")
