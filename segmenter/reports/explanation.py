"""Why a record is where it is, as a tree: each segment, each condition, what the record holds there."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from segmenter.i18n import _
from segmenter.plans.changes import Json
from segmenter.reports.text import Style, clean
from segmenter.reports.values import called
from segmenter.resolving.explain import Explanation, Reason, SegmentReason


def terminal(explanation: Explanation, style: Style) -> RenderableType:
    """The record, whether it may be touched, and one tree per segmentation."""
    head = Text.assemble((called(explanation.name), "bold"), f" ({clean(explanation.reference)})")
    standing = []
    if not explanation.in_scope:
        standing.append(Text(_("Outside the scope: it is never touched"), "yellow"))
    if explanation.protected:
        standing.append(Text(_("Protected: it is never touched"), "yellow"))
    trees = []
    for name, segments in explanation.segmentations:
        tree = Tree(Text(clean(name), "bold"), guide_style="dim")
        for segment in segments:
            _segment(tree, segment, style, _here(explanation))
        trees.append(tree)
    return Group(head, *standing, *trees)


def _here(explanation: Explanation) -> str:
    """What is true of the segment whose criteria a record meets first: one that is not touched is in none."""
    if not explanation.in_scope:
        return _("← it would be here, if it were in the scope")
    if explanation.protected:
        return _("← it would be here, if it were not protected")
    return _("← it is here")


def _segment(tree: Tree, segment: SegmentReason, style: Style, here: str) -> None:
    if segment.takes:
        label = Text.assemble(("● ", "bold green"), (clean(segment.segment), "bold green"), " ", here)
    elif segment.would_take:
        label = Text.assemble(("○ ", "yellow"), (clean(segment.segment), "yellow"), " ", here)
    elif segment.holds and segment.reason is not None:
        label = Text.assemble(("○ ", "yellow"), clean(segment.segment), " ", _("(holds too, but comes later)"))
    else:
        label = Text.assemble("○ ", clean(segment.segment))
    branch = tree.add(label)
    if segment.reason is None:
        branch.add(Text(_("all that no other segment took"), "dim"))
    else:
        _reason(branch, segment.reason, style)


def _reason(tree: Tree, reason: Reason, style: Style) -> None:
    mark = Text("✓ ", "green") if reason.holds else Text("✗ ", "red")
    if reason.kind == "leaf":
        tree.add(Text.assemble(mark, clean(reason.words), (f"  [{held(reason.found, style, reason.type)}]", "dim")))
        return
    titles = {"all": _("all of these"), "any": _("any of these"), "not": _("none of these")}
    branch = tree.add(Text.assemble(mark, titles[reason.kind]))
    for part in reason.parts:
        _reason(branch, part, style)


def held(found: Json, style: Style, type: str = "") -> str:
    """What a record holds in a field of Odoo's ``type``, in words."""
    if found is None or found in ("", []):
        return _("(empty)")
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, list | tuple):
        return ", ".join(held(value, style, type) for value in found)
    if type == "datetime":
        return style.moment(f"{str(found).replace(' ', 'T')}Z")
    if type == "date":
        return style.day(str(found))
    return style.number(found) if isinstance(found, float) else clean(found)


def document(explanation: Explanation) -> dict[str, Any]:
    """``{"kind": "explanation", ...}``: ``record``, ``name``, ``reference``, ``row``, ``in_scope``, ``protected``,
    ``segmentations``.

    ``row``: of an export, else null; ``reference`` says in words what the number is. A segmentation is ``{"name",
    "segments": [{"segment", "holds", "takes", "would_take", "reason"}]}``: nothing ``takes`` a record that is not
    touched. A reason is null for a default, else ``{"kind": all|any|not|leaf, "holds", "words", "found", "parts":
    [reason], "type"}``. ``type`` is Odoo's, of a leaf's field; times are UTC.
    """
    return {
        "record": explanation.record,
        "name": explanation.name,
        "reference": explanation.reference,
        "row": explanation.row,
        "in_scope": explanation.in_scope,
        "protected": explanation.protected,
        "segmentations": [{"name": name, "segments": segments} for name, segments in explanation.segmentations],
    }
