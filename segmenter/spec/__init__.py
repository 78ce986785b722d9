"""YAML text -> `Spec`: positions, form, meaning; every problem of a file found in one go, with its place."""

from segmenter.spec.load import load, loads, locate, locate_all
from segmenter.spec.schema import schema_text
from segmenter.spec.template import template

__all__ = ["load", "loads", "locate", "locate_all", "schema_text", "template"]
