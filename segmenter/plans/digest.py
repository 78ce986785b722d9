"""The digest of a plan: SHA-256 over what it would do and where, so that what is applied is what was shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from segmenter.plans.changes import ChangeSet, ConfigChange, Json
from segmenter.plans.plan import Plan, PlanIdentity
from segmenter.record_set import RecordSet, to_bytes

_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def canonical(value: Json | Mapping[str, Json] | Iterable[Json]) -> str:
    """One text per value: JSON with sorted keys, no spaces, letters as they are."""
    return _encode(value)


def head(identity: PlanIdentity, config: Iterable[ConfigChange]) -> dict[str, Json]:
    """The facts a plan stands on: which database, which spec, at what moment, and what configuration it makes.

    The login and the server's version are left out: the same plan by another work user is the same plan.
    """
    return {
        "url": identity.server["url"],
        "database": identity.server["database"],
        "model": identity.model,
        "spec_digest": identity.spec_digest,
        "now": identity.now,
        "config": [[c.ref, c.model, c.id, c.name, dict(c.before), dict(c.after)] for c in config],
    }


def plan_digest(plan: Plan, changes: Sequence[ChangeSet]) -> str:
    """The digest of a plan, 64 hexadecimal digits: equal changes give an equal one, however they are cut into sets.

    Names of records do not count: to rename a record changes no plan.
    """
    facts = head(plan.identity, plan.config) | {"tracking": plan.rules.tracking}
    whole = hashlib.sha256(_encode(facts).encode())
    for text, records in sorted(_whole_sets(changes).items()):
        whole.update(f"\n{len(records)} {text}\n".encode())
        whole.update(to_bytes(records))
    return whole.hexdigest()


def _whole_sets(changes: Sequence[ChangeSet]) -> dict[str, RecordSet]:
    """What changes and why, as text -> all records of which that is so."""
    whole: dict[str, RecordSet] = {}
    for change in changes:
        text = canonical([change.field, change.before, change.after, change.segmentation, change.segment])
        whole[text] = whole[text] | change.records if text in whole else change.records
    return whole
