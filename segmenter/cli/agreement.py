"""What a plan of the ledger was agreed to be, in words, with no server to ask."""

from __future__ import annotations

from segmenter.cli.connection import open_crm
from segmenter.errors import SpecError
from segmenter.plans import Plan
from segmenter.reports.acta import acta
from segmenter.reports.acta_content import Acta, figures
from segmenter.resolving.remembered import lists_told, remembered
from segmenter.resolving.resolve import survey
from segmenter.spec import loads


def agreement(plan: Plan, consultant: str) -> Acta | None:
    """The agreement of the plan's spec, with the plan's names and numbers, in the language spoken now.

    None for a spec that this version no longer takes.
    """
    try:
        spec = loads(plan.identity.spec_text, plan.identity.spec_file)
    except SpecError:
        return None
    crm = open_crm(spec, remembered(spec, plan), told=lists_told(plan))
    resolved = survey(spec, crm.reader, crm.catalog, crm.clock)
    if resolved.problems:
        return None
    return acta(spec, resolved, figures(plan), at=plan.identity.made_at, consultant=consultant)
