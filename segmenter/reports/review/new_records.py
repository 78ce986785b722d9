"""What becomes of records that come into Odoo later: nothing tags them, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from segmenter.i18n import _, all_of, ngettext, some_of
from segmenter.plans import ConfigChange
from segmenter.reports.review.content import Review
from segmenter.reports.text import clean

MOST = 5
FAVOURITES = "ir.filters"


def new_records(review: Review) -> Iterator[str]:
    """Sentences; none of an undo, nor of a plan that cannot be applied."""
    identity = review.plan.identity
    if review.undo or (identity.source == "export" and not identity.importable):
        return
    yield _("What comes into Odoo later is not tagged by itself, and what changes there keeps the segment that it has.")
    made = [change for change in review.plan.config if change.model == FAVOURITES]
    live = [clean(change.name) for change in made if _is_live(change)]
    if live:
        names = all_of(live) if len(live) <= MOST else some_of(live[:MOST], len(live))
        yield ngettext(
            "The favourite {names} of Odoo's search bar asks the criteria anew each time that it is opened: what came "
            "in since is there too, without a tag.",
            "These favourites of Odoo's search bar ask the criteria anew each time that they are opened: what came in "
            "since is there too, without a tag: {names}.",
            len(live),
        ).format(names=names)
    if len(live) < len(made):
        yield (
            _("The other favourites show what was tagged, so what came in since is not there.")
            if live
            else _("The favourites in Odoo's search bar show what was tagged, so what came in since is not there.")
        )
    yield _(
        "A second run brings all of it up to date: a new plan, your approval, and its application. It is a separate "
        "order, shorter than this one, as the criteria are there already; ask for its price before it is begun."
    )


def _is_live(change: ConfigChange) -> bool:
    """Whether a favourite holds a condition, which the web client evaluates, and not a domain of tags or values."""
    return isinstance(change.after.get("domain"), str)
