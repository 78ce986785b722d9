"""The head of a plan as text and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from segmenter.planning.digest import canonical
from segmenter.planning.model import (
    ConfigChange,
    ExampleResult,
    Overlap,
    Plan,
    Portion,
    Said,
    Sample,
    SegmentCount,
    Tally,
    Violation,
)


def written(plan: Plan) -> str:
    """The head as canonical JSON, without its id (the ledger's own)."""
    return canonical({name: value for name, value in _plain(plan).items() if name != "id"})


def read(number: int, text: str) -> Plan:
    """The plan that `written` put down. Tuples inside a domain come back as lists."""
    head: dict[str, Any] = json.loads(text)
    return Plan(
        **{
            **head,
            "id": f"P{number}",
            "scope_domain": tuple(head["scope_domain"]),
            "segments": tuple(SegmentCount(**{**s, "domain": tuple(s["domain"])}) for s in head["segments"]),
            "overlaps": tuple(Overlap(**{**o, "sample": _sample(o.get("sample", ()))}) for o in head["overlaps"]),
            "config": tuple(ConfigChange(**c) for c in head["config"]),
            "examples": tuple(ExampleResult(**e) for e in head["examples"]),
            "violations": tuple(Violation(**v) for v in head["violations"]),
            "tally": Tally(**head["tally"]),
            "warnings": tuple(head["warnings"]),
            "side_effects": tuple(head["side_effects"]),
            "owned": {field: tuple(ids) for field, ids in head["owned"].items()},
            "workload": {person: tuple(counts) for person, counts in head["workload"].items()},
            # What plans of older versions do not have.
            "portions": tuple(Portion(**p) for p in head.get("portions", ())),
            "protected_sample": _sample(head.get("protected_sample", ())),
            "uncovered_sample": {name: _sample(some) for name, some in head.get("uncovered_sample", {}).items()},
            "said": {code: _said(said) for code, said in head.get("said", {}).items()},
        }
    )


def _said(parts: dict[str, Any]) -> Said:
    lists = {name: tuple(part) for name, part in parts.items() if isinstance(part, list)}
    return Said(**{**parts, **lists})


def _sample(rows: list[list[Any]]) -> Sample:
    return tuple((id, name) for id, name in rows)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
