"""A spec edited on a shared screen, with the YAML file as the truth: comments and layout stay as people left them."""

from segmenter.editing.arranging import add_block, add_row, change_kind, move, part_at, remove, set_row, wrap
from segmenter.editing.blocks import Block, Raw, Row, blocks, condition_data
from segmenter.editing.document import SpecDocument, open_document
from segmenter.editing.edits import Edit, Insert, Move, Put, Remove, edit
from segmenter.editing.history import Change, Entry, History
from segmenter.editing.saving import former, save

__all__ = [
    "Block",
    "Change",
    "Edit",
    "Entry",
    "History",
    "Insert",
    "Move",
    "Put",
    "Raw",
    "Remove",
    "Row",
    "SpecDocument",
    "add_block",
    "add_row",
    "blocks",
    "change_kind",
    "condition_data",
    "edit",
    "former",
    "move",
    "open_document",
    "part_at",
    "remove",
    "save",
    "set_row",
    "wrap",
]
