"""One condition: parsed, bound to a CRM, turned into a portable Odoo domain, put in words, evaluated on a record."""

from segmenter.conditions.bind import bind
from segmenter.conditions.bound import Bound, BoundAll, BoundAny, BoundDomain, BoundLeaf, BoundNot
from segmenter.conditions.comparisons import Record
from segmenter.conditions.domain import WITH_ARCHIVED, Domain, domain
from segmenter.conditions.evaluate import compiled, evaluate
from segmenter.conditions.fields import walk
from segmenter.conditions.model import All, Any, Condition, Leaf, Not, RawDomain, Scalar, Span
from segmenter.conditions.parse import parse
from segmenter.conditions.portable import negatable
from segmenter.conditions.raw import check_fields, check_structure
from segmenter.conditions.vocabulary import Clock, Field, Named, Vocabulary
from segmenter.conditions.words import words

__all__ = [
    "WITH_ARCHIVED",
    "All",
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
    "bind",
    "check_fields",
    "check_structure",
    "compiled",
    "domain",
    "evaluate",
    "negatable",
    "parse",
    "walk",
    "words",
]
