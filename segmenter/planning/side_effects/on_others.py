"""The other records that a plan's writes change along, by name, and what an undo makes of them."""

from __future__ import annotations

from collections.abc import Iterator

from segmenter.i18n import _, ngettext, some_of
from segmenter.planning.side_effects.ahead import Ahead
from segmenter.planning.side_effects.reach import Reached


def reach(ahead: Ahead) -> Iterator[str]:
    """The other records by name, and what an undo makes of them."""
    if ahead.noticed.contacts:
        yield ngettext(
            "{number} lead gets a contact and takes over its e-mail and phone, as far as it has them; names and "
            "address stay, and an undo gives back what it had",
            "{number} leads get a contact and take over its e-mail and phone, as far as it has them; names and "
            "address stay, and an undo gives back what they had",
            ahead.noticed.contacts,
        ).format(number=ahead.noticed.contacts)
    if ahead.noticed.crossing:
        yield ngettext(
            "{number} lead gets another contact, or none, while the plan writes e-mails or phones of other leads: it "
            "takes over what its contact holds by then, and an undo may leave that",
            "{number} leads get another contact, or none, while the plan writes e-mails or phones of other leads: they "
            "take over what their contact holds by then, and an undo may leave that",
            ahead.noticed.crossing,
        ).format(number=ahead.noticed.crossing)
    if ahead.tracking.choice == "silent" and any(one.leads for one in ahead.others):
        yield _("What changes on a lead along with its contact is noted in its chatter all the same")
    if ahead.of_another_company:
        yield ngettext(
            "{number} contact below those that become companies, or are none any more, belongs to another company from "
            "then on; an undo gives that back",
            "{number} contacts below those that become companies, or are none any more, belong to another company from "
            "then on; an undo gives that back",
            ahead.of_another_company,
        ).format(number=ahead.of_another_company)
    for one in ahead.others:
        yield from _reached(one, ahead.labels[one.field])
    if any(one.leads for one in ahead.others):
        yield _("Odoo may compute the automatic probability of these leads anew")


def _reached(one: Reached, label: str) -> Iterator[str]:
    """What becomes of other records by the write of one field."""
    if number := one.contacts + one.leads:
        yield _("Writing “{field}” also changes {contacts} and {leads}: {names}").format(
            field=label,
            contacts=ngettext("{number} other contact", "{number} other contacts", one.contacts).format(
                number=one.contacts
            ),
            leads=ngettext("{number} other lead", "{number} other leads", one.leads).format(number=one.leads),
            names=some_of(one.names, number),
        )
        if one.lost:
            yield ngettext(
                "An undo does not give {number} of them its own “{field}” back",
                "An undo does not give {number} of them their own “{field}” back",
                one.lost,
            ).format(number=one.lost, field=label)
        else:
            yield _("An undo gives all of them their “{field}” back").format(field=label)
    if one.strayed:
        yield ngettext(
            "An undo changes “{field}” of {number} other record, which holds already what is written",
            "An undo changes “{field}” of {number} other records, which hold already what is written",
            one.strayed,
        ).format(number=one.strayed, field=label)
    if one.torn:
        yield ngettext(
            "The plan gives records of {number} contact several values for “{field}”, and Odoo keeps one: a run leaves "
            "the others as conflicts",
            "The plan gives records of {number} contacts several values for “{field}”, and Odoo keeps one each: a run "
            "leaves the others as conflicts",
            one.torn,
        ).format(number=one.torn, field=label)
    if one.mixed:
        yield ngettext(
            "Records of {number} contact hold several values for “{field}” now, of which an undo gives back one",
            "Records of {number} contacts hold several values for “{field}” now, of which an undo gives back one each",
            one.mixed,
        ).format(number=one.mixed, field=label)
