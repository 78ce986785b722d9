"""One condition: parsed, bound to a CRM, turned into a portable Odoo domain, put in words, evaluated on a record."""

from segmenter.conditions.bind import bind
from segmenter.conditions.bound import Bound, BoundAll, BoundAny, BoundDomain, BoundLeaf, BoundNot
from segmenter.conditions.comparisons import Record
from segmenter.conditions.domain import domain, filled
from segmenter.conditions.evaluate import compiled, evaluate
from segmenter.conditions.fields import walk
from segmenter.conditions.model import CURRENCY, All, Any, Condition, Leaf, Not, RawDomain, Scalar, Span
from segmenter.conditions.parse import parse
from segmenter.conditions.portable import negatable
from segmenter.conditions.raw import check_fields, check_structure
from segmenter.conditions.terms import WITH_ARCHIVED, Domain, any_of
from segmenter.conditions.vocabulary import Clock, Field, Named, Vocabulary
from segmenter.conditions.words import Amount, length, words

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
    "Clock",
    "Condition",
    "Domain",
    "Field",
    "Leaf",
    "Named",
    "Not",
    "RawDomain",
    "Record",
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
    "filled",
    "length",
    "negatable",
    "parse",
    "walk",
    "words",
]
