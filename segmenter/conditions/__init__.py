"""One condition: parsed, bound to a CRM, turned into a portable Odoo domain, put in words, evaluated on a record."""

from segmenter.conditions.bind import bind
from segmenter.conditions.bound import Bound, BoundAll, BoundAny, BoundDomain, BoundLeaf, BoundNot, BoundRelated
from segmenter.conditions.comparisons import Holding, Record
from segmenter.conditions.domain import WITH_ARCHIVED, Domain, any_of, domain, filled
from segmenter.conditions.evaluate import compiled, evaluate
from segmenter.conditions.facts import Facts, facts
from segmenter.conditions.fields import walk
from segmenter.conditions.model import CURRENCY, All, Any, Condition, Leaf, Not, RawDomain, Related, Scalar, Span
from segmenter.conditions.parse import parse
from segmenter.conditions.phrases import Amount, length
from segmenter.conditions.portable import negatable
from segmenter.conditions.raw import check_fields, check_structure
from segmenter.conditions.vocabulary import Clock, Field, Named, Vocabulary
from segmenter.conditions.words import words

__all__ = [
    "CURRENCY",
    "WITH_ARCHIVED",
    "All",
    "Amount",
    "Any",
    "Bound",
    "BoundAll",
    "BoundAny",
    "BoundDomain",
    "BoundLeaf",
    "BoundNot",
    "BoundRelated",
    "Clock",
    "Condition",
    "Domain",
    "Facts",
    "Field",
    "Holding",
    "Leaf",
    "Named",
    "Not",
    "RawDomain",
    "Record",
    "Related",
    "Scalar",
    "Span",
    "Vocabulary",
    "any_of",
    "bind",
    "check_fields",
    "check_structure",
    "compiled",
    "domain",
    "evaluate",
    "facts",
    "filled",
    "length",
    "negatable",
    "parse",
    "walk",
    "words",
]
