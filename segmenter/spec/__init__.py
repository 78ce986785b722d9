"""YAML text -> `Spec`: positions, form, meaning; every problem of a file found in one go, with its place."""

from segmenter.spec.load import is_open, load, load_open, loads, loads_draft, locate, locate_all
from segmenter.spec.schema import schema_text
from segmenter.spec.starters import template

__all__ = ["is_open", "load", "load_open", "loads", "loads_draft", "locate", "locate_all", "schema_text", "template"]
