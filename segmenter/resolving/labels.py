"""Fields that a spec calls by their labels: which fields they may be, by the labels of this CRM or by common ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from segmenter.conditions.fields import meant_field
from segmenter.conditions.meant import COMMON_LABELS, commonly_called
from segmenter.conditions.parse import no_field_name
from segmenter.conditions.vocabulary import Vocabulary
from segmenter.errors import Problem
from segmenter.i18n import _
from segmenter.resolving.mentions import fields_used
from segmenter.spec import locate
from segmenter.spec.model import Spec


def is_no_name(problem: Problem) -> bool:
    """Whether a problem of a spec's form is a key that cannot be the name of a field."""
    return bool(problem.path) and problem.what == no_field_name(str(problem.path[-1]), problem.path).what


def named_by(problems: Sequence[Problem], model: str, vocabulary: Vocabulary) -> list[Problem]:
    """The problems; where a key is a label of this CRM, with the field that it stands for."""
    return [
        replace(problem, todo=meant)
        if is_no_name(problem) and (meant := meant_field(str(problem.path[-1]), model, vocabulary))
        else problem
        for problem in problems
    ]


def written_as_labels(spec: Spec) -> Iterator[Problem]:
    """Facts about fields whose names are common labels. A client may have a field that is called so; most have none."""
    for name, path in fields_used(spec):
        first = name.partition(".")[0]
        if first not in COMMON_LABELS and (meant := commonly_called(first)):
            what = _("{field} is what people call a field, and perhaps not its name in Odoo").format(field=first)
            yield locate(spec, Problem(path, what, meant))
