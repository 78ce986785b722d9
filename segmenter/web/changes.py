"""What people do on the page, as edits of the spec: one small function for each action of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial
from typing import Any

from segmenter.editing import Block, Edit, Insert, Move, Put, Remove, condition_data
from segmenter.errors import Path, UsageError
from segmenter.i18n import _
from segmenter.spec.document import Data
from segmenter.web import rows
from segmenter.web.places import Form, all_names, at, free_name, from_yaml, has, put_text, within
from segmenter.web.rows import started
from segmenter.web.values import Offered

Action = Callable[[Form, Data, Offered], Edit]


def edit_of(form: Form, data: Data, offered: Offered) -> Edit:
    """The edit that a form of the page asks for. ``data``: of the spec now; ``offered``: the fields of the CRM.

    Raises `SegmenterError` for what cannot be done, with what to do instead.
    """
    action = _ACTIONS.get(form.get("action", ""))
    if action is None:
        raise _stale()
    try:
        return action(form, data, offered)
    except (KeyError, IndexError, TypeError, ValueError):
        raise _stale() from None


def _stale() -> UsageError:
    return UsageError(_("The page shows something that is not there any more"), todo=_("load it again"))


def followed(form: Form, panel: Mapping[str, str]) -> Mapping[str, str]:
    """The panel after an edit: it stays with what it shows, or goes to what was made."""
    action, s, g = form.get("action", ""), form.get("s"), form.get("g")
    if action == "segment.add":
        return {"show": "segment", "s": s or "", "g": form.get("count", "")}
    if action == "segment.copy":
        return {"show": "segment", "s": s or "", "g": str(int(g or 0) + 1)}
    if panel.get("s") != s or s is None:
        return panel
    if action == "segmentation.move":
        return {**panel, "s": form["to"]}
    if action == "segmentation.remove" or (action == "segment.remove" and panel.get("g") == g):
        return {}
    if action in ("segment.move", "segment.remove") and (panel.get("g") or "").isdecimal():
        here, origin = int(panel["g"]), int(g or 0)
        target = int(form["to"]) if action == "segment.move" else here + 1
        if here == origin:
            return {**panel, "g": str(target)}
        return {**panel, "g": str(here - (origin < here) + (target <= here - (origin < here)))}
    return panel


# Segmentations and segments


def _segmentation(form: Form) -> Path:
    return ("segmentations", int(form["s"]))


def _place(form: Form) -> Path:
    """The segment that a form is about; the segmentation, where it names no segment."""
    place = form.get("g")
    if place is None:
        return _segmentation(form)
    return (*_segmentation(form), *(("default",) if place == "default" else ("segments", int(place))))


def _text(key: str, form: Form, data: Data, _offered: Offered) -> Edit:
    return put_text((*_place(form), key), form, data)


def _move(form: Form, data: Data, _offered: Offered) -> Edit:
    *path, place = _place(form)
    return Move(tuple(path), int(place), within(int(form["to"]), at(data, tuple(path))))


def _remove(form: Form, _data: Data, _offered: Offered) -> Edit:
    return Remove(_place(form))


def _add_segmentation(_form: Form, data: Data, offered: Offered) -> Edit:
    segmentations = at(data, ("segmentations",)) if has(data, ("segmentations",)) else []
    name = free_name(_("New segmentation"), [item.get("name") for item in segmentations])
    made: Data = {
        "name": name,
        "store": {"tags": "exclusive"} if at(data, ("scope", "model")) == "crm.lead" else {"categories": "exclusive"},
        "segments": [_new_segment(all_names(data), offered)],
        "default": {"name": free_name(_("Not evaluated"), all_names(data)), "color": "grey"},
    }
    if not segmentations:
        return Put(("segmentations",), [made])
    return Insert(("segmentations",), len(segmentations), made)


def _copy_segmentation(form: Form, data: Data, _offered: Offered) -> Edit:
    *path, place = _segmentation(form)
    made = _copied(data, (*path, place))
    made["name"] = free_name(made["name"], [item.get("name") for item in at(data, tuple(path))])
    for segment in made["segments"]:
        segment["name"] = free_name(segment["name"], all_names(data))
    if "default" in made:
        made["default"]["name"] = free_name(made["default"]["name"], all_names(data))
    return Insert(tuple(path), int(place) + 1, made)


def _store(form: Form, _data: Data, _offered: Offered) -> Edit:
    kind, _colon, detail = form["value"].partition(":")
    return Put((*_segmentation(form), "store"), {kind: detail})


def _add_default(form: Form, data: Data, _offered: Offered) -> Edit:
    name = free_name(_("Not evaluated"), all_names(data))
    return Put((*_segmentation(form), "default"), {"name": name, "color": "grey"})


def _remove_default(form: Form, _data: Data, _offered: Offered) -> Edit:
    return Remove((*_segmentation(form), "default"))


def _add_segment(form: Form, data: Data, offered: Offered) -> Edit:
    path = (*_segmentation(form), "segments")
    return Insert(path, len(at(data, path)), _new_segment(all_names(data), offered))


def _new_segment(names: list[str], offered: Offered) -> dict[str, Data]:
    """A segment with a condition to begin with."""
    when = condition_data(Block("all", (started(offered.first, offered),)))
    return {"name": free_name(_("New segment"), names), "when": when}


def _copy_segment(form: Form, data: Data, _offered: Offered) -> Edit:
    *path, place = _place(form)
    made = _copied(data, (*path, place))
    made["name"] = free_name(made["name"], all_names(data))
    made.pop("value", None)
    return Insert(tuple(path), int(place) + 1, made)


def _segment_yaml(form: Form, _data: Data, _offered: Offered) -> Edit:
    return Put(_place(form), from_yaml(form["value"]))


def _copied(data: Data, path: Path) -> Any:
    return deepcopy(at(data, path))


# Scope, protection, examples


def _add_scope(_form: Form, _data: Data, offered: Offered) -> Edit:
    return Put(("scope", "where"), condition_data(Block("all", (started(offered.first, offered),))))


def _expect_scope(form: Form, data: Data, _offered: Offered) -> Edit:
    return put_text(("scope", "expect"), form, data)


def _add_protect(_form: Form, data: Data, offered: Offered) -> Edit:
    made = condition_data(Block("all", (started(offered.first, offered),)))
    if has(data, ("protect",)):
        return Insert(("protect",), len(at(data, ("protect",))), made)
    return Put(("protect",), [made])


def _add_example(form: Form, data: Data, _offered: Offered) -> Edit:
    record: Data = int(form["record"]) if form["record"].isdecimal() else form["record"]
    expect: Data = {form["segmentation"]: form["value"] or None}
    there = at(data, ("examples",)) if has(data, ("examples",)) else []
    for place, example in enumerate(there):
        if isinstance(example, dict) and example.get("record") == record:
            return Put(("examples", place, "expect", form["segmentation"]), form["value"] or None)
    made: Data = {"record": record, "expect": expect}
    return Insert(("examples",), len(there), made) if there else Put(("examples",), [made])


def _remove_example(form: Form, data: Data, _offered: Offered) -> Edit:
    place = int(form["at"])
    return Remove(("examples",) if len(at(data, ("examples",))) == 1 else ("examples", place))


_ACTIONS: Mapping[str, Action] = {
    "segmentation.add": _add_segmentation,
    "segmentation.copy": _copy_segmentation,
    "segmentation.remove": _remove,
    "segmentation.move": _move,
    "segmentation.name": partial(_text, "name"),
    "segmentation.description": partial(_text, "description"),
    "segmentation.store": _store,
    "default.add": _add_default,
    "default.remove": _remove_default,
    "segment.add": _add_segment,
    "segment.copy": _copy_segment,
    "segment.remove": _remove,
    "segment.move": _move,
    "segment.name": partial(_text, "name"),
    "segment.description": partial(_text, "description"),
    "segment.expect": partial(_text, "expect"),
    "segment.color": partial(_text, "color"),
    "segment.yaml": _segment_yaml,
    "scope.add": _add_scope,
    "scope.expect": _expect_scope,
    "protect.add": _add_protect,
    "example.add": _add_example,
    "example.remove": _remove_example,
    **rows.ACTIONS,
}
"""What a form may ask for as its ``action``."""
