"""What Odoo will do by itself because of a plan's writes, said before anything is written. All of it was measured.

What needed a question was asked before (`ahead`). Each effect is one small function that gives its sentences, in
whatever language is spoken, and calls fields as the client's Odoo does.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from segmenter.i18n import _, ngettext
from segmenter.odoo.versions import COMPANY_FOLLOWS_SALESPERSON_SINCE
from segmenter.planning.model import Violation
from segmenter.planning.side_effects import on_people, on_pipeline
from segmenter.planning.side_effects.ahead import Ahead
from segmenter.planning.side_effects.on_others import reach
from segmenter.spec.model_names import plural_name


def sentences(ahead: Ahead) -> Iterator[str]:
    """Every side effect of a plan that is known of, in the order in which it is best told."""
    return chain.from_iterable(effect(ahead) for effect in EFFECTS)


def refusals(ahead: Ahead) -> Iterator[Violation]:
    """What stands against the plan because Odoo would not do it."""
    if ahead.unsure:
        sentence = ngettext(
            "{number} lead is won or becomes it, and Odoo {version} lets a won lead have no other probability than "
            "100: leave out the won stages, or do not set the probability there",
            "{number} leads are won or become it, and Odoo {version} lets a won lead have no other probability than "
            "100: leave out the won stages, or do not set the probability there",
            ahead.unsure,
        ).format(number=ahead.unsure, version=ahead.major)
        yield Violation("odoo", ahead.unsure, 0, sentence)
    if ahead.abroad and ahead.major >= COMPANY_FOLLOWS_SALESPERSON_SINCE:
        sentence = ngettext(
            "{number} lead is of a company that its new salesperson does not work in, and Odoo {version} refuses that "
            "or moves the lead to another company: leave it out, or give it to somebody of its company",
            "{number} leads are of a company that their new salesperson does not work in, and Odoo {version} refuses "
            "that or moves the leads to another company: leave them out, or give them to somebody of their company",
            ahead.abroad,
        ).format(number=ahead.abroad, version=ahead.major)
        yield Violation("odoo", ahead.abroad, 0, sentence)


def _automation(ahead: Ahead) -> Iterator[str]:
    if ahead.rules is None:
        yield _(
            "Automation rules run on every change, and the work user may not list them: whoever administers this Odoo "
            "knows which ones act on {records}, and can pause those that send mail"
        ).format(records=plural_name(ahead.model))
    elif ahead.rules:
        yield ngettext(
            "{number} automation rule of this Odoo acts on {model}, and may run on these changes: {names}",
            "{number} automation rules of this Odoo act on {model}, and may run on these changes: {names}",
            len(ahead.rules),
        ).format(number=len(ahead.rules), model=plural_name(ahead.model), names=", ".join(ahead.rules))


EFFECTS = (
    *(_automation, on_people.mails, on_people.chatter, on_people.followers),
    *(on_pipeline.moves, on_pipeline.time_in_stage, on_pipeline.won, on_pipeline.closing, on_pipeline.archiving),
    *(
        on_people.assignment,
        on_pipeline.stage,
        on_pipeline.properties,
        on_pipeline.by_hand,
        on_pipeline.scoring,
        on_pipeline.put_back,
    ),
    *(on_pipeline.counts, on_pipeline.order, reach),
)
