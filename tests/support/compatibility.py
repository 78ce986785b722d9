"""``docs/compatibility.md``: what works on which version of Odoo, made of what the live tests found.

    pytest -m live --results=results.json
    python -m tests.support.compatibility results.json > docs/compatibility.md

A cell is *measured* when every test of the capability that ran on that version passed there. Versions between two
measured ones are *inferred* where the code asks the server what it has, and *unknown* where it goes by something that
only a server of that version could tell. A test of the table that did not run is an error: nothing is made up.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from tests.support.live_results import ELSEWHERE

MEASURED = ("14", "19")
BETWEEN = ("15", "16", "17", "18")

Results = Mapping[str, Mapping[str, str]]
"""Version -> test -> outcome, as `tests.support.live_results` writes them."""


class CannotTell(Exception):
    """The results do not hold what the table needs; the text says what."""


@dataclass(frozen=True)
class Capability:
    """One line of the table. ``tests``: patterns of the tests that measure it, below ``tests/``.

    ``unknown``: why the versions between are not inferred. ``differs``: version -> what is otherwise there.
    """

    name: str
    tests: tuple[str, ...]
    unknown: str = ""
    differs: Mapping[str, str] = field(default_factory=dict)


CAPABILITIES = (
    Capability(
        "Log in with an API key; wrong database, key or second factor is one sentence",
        ("test_bad_input_live.py::*",),
    ),
    Capability(
        "Fields, stages, tags, people and rights found by the names of the version",
        ("test_odoo_versions.py::*", "test_e2e_rights.py::test_preflight*"),
    ),
    Capability("`check` predicts what each kind of user may do", ("test_e2e_rights_matrix.py::*",)),
    Capability(
        "Conditions select the same records on every version, in the embedded CRM and in the local evaluator",
        ("live/differential/*",),
    ),
    Capability("Plan, apply, second plan empty", ("test_e2e_job.py::*",)),
    Capability("Conflicts: what people changed since the plan is left, by name", ("test_e2e_people.py::*",)),
    Capability(
        "Time-outs, kills, refused batches, write conflicts", ("test_e2e_interruptions.py::*", "test_e2e_kills.py::*")
    ),
    Capability("Limits, examples, stale plans", ("test_e2e_refusals.py::*",)),
    Capability(
        "Undo, to the field",
        ("test_e2e_undo_law.py::*",),
    ),
    Capability(
        "Tags, stages and shared favourites made and unmade",
        ("test_e2e_rights.py::test_a_*", "test_e2e_rights.py::test_favourites*"),
    ),
    Capability("Salespeople given in turn or by load, without mail", ("test_e2e_assignment.py::*",)),
    Capability(
        "Silent writes: no mail, no note, no follower",
        ("test_side_effects.py::test_assigning_somebody_else*", "test_e2e_tracking.py::test_silence_is_chosen"),
    ),
    Capability(
        "`tracking: keep`: changes noted in the chatter",
        ("test_e2e_tracking.py::*",),
        unknown="when Odoo stopped noting without mail was seen on neither side; taken to be as 19",
        differs={"14": "noted without any mail", "19": "stage moves mail who subscribed, so the plan asks"},
    ),
    Capability(
        "Side effects of writes, announced by the plan",
        ("test_side_effects.py::*",),
        unknown="each is a fact of one version's code; the plan announces what 14 or 19 did",
    ),
    Capability(
        "Fields that reach other records",
        ("test_e2e_reach.py::*",),
        unknown="which writes travel is a fact of one version's code",
        differs={"14": "emptying e-mail or phone empties the contact's too"},
    ),
    Capability("Leads turned into opportunities, and back", ("test_e2e_conversion.py::*",)),
    Capability("Custom fields declared, made, filled, unmade", ("test_e2e_custom_fields.py::*",)),
    Capability(
        "Contacts: nested categories, salesperson, contacts that follow their company", ("test_e2e_partners.py::*",)
    ),
    Capability(
        "Counting by the server: `profile` and the figures of the report",
        ("test_odoo_groups.py::*", "test_profiling_*", "test_planning_figures.py::*"),
    ),
    Capability(
        "Odoo's own list export read as a CRM", ("test_embedded_export_file.py::*", "live/test_export_plan.py::*")
    ),
    Capability(
        "Links of the report open the record",
        ("test_live_links.py::*",),
        unknown="the address changed in 18 by its sources; not opened there",
    ),
    Capability(
        "How to make the work user and its key, as the screens say it",
        ("test_reports_guide_live.py::*",),
        unknown="the screens between were not seen; the English names stand behind each",
    ),
)


def table(results: Results) -> str:
    """The page, as Markdown. Raises `CannotTell` when a capability was not tested on a version it is measured on."""
    rows, notes = [], []
    for capability in CAPABILITIES:
        # A test that asks every server at once stands under none of them.
        of_all = results.get(ELSEWHERE, {})
        cells = {version: _cell(capability, {**of_all, **results.get(version, {})}, version) for version in MEASURED}
        between = "unknown" if capability.unknown else "inferred"
        marks = []
        for why in _reasons(capability):
            notes.append(why)
            marks.append(f"<sup>{len(notes)}</sup>")
        shown = [cells["14"], *[between] * len(BETWEEN), cells["19"]]
        rows.append(f"| {capability.name}{''.join(marks)} | {' | '.join(shown)} |")
    versions = ("14", *BETWEEN, "19")
    return "\n".join(
        [
            *_INTRODUCTION,
            f"| capability | {' | '.join(versions)} |",
            f"|---{'|---' * len(versions)}|",
            *rows,
            "",
            *(f"{number}. {note}" for number, note in enumerate(notes, 1)),
            "",
            *_TESTS,
            *(f"- {one.name}: {', '.join(f'`tests/{pattern}`' for pattern in one.tests)}" for one in CAPABILITIES),
            "",
        ]
    )


_INTRODUCTION = (
    "# Compatibility",
    "",
    "This page is made from what the live tests found, on real servers of Odoo 14 and Odoo 19, community edition:",
    "`python -m tests.support.compatibility` (see [CONTRIBUTING.md](../CONTRIBUTING.md)). CI makes it again and fails",
    "when it says something else.",
    "",
    "- *measured*: tests ran against a real server of that version, and passed.",
    "- *inferred*: no such server was run. 14 and 19 agree, or the tool asks the server which of the two it is.",
    "- *unknown*: no such server was run, and what 14 or 19 do does not tell. The note says what is assumed.",
    "",
)
_TESTS = ("## Which tests measure what", "")


def _cell(capability: Capability, here: Mapping[str, str], version: str) -> str:
    """One version that was run."""
    for pattern in capability.tests:
        found = {outcome for test, outcome in here.items() if fnmatch(test, f"tests/{pattern}")}
        if not found:
            raise CannotTell(f"no test tests/{pattern} ran on Odoo {version}, for: {capability.name}")
        if found != {"passed"}:
            return "fails"
    return "measured"


def _reasons(capability: Capability) -> list[str]:
    """The notes of one line."""
    said = [f"15 to 18: {capability.unknown}."] if capability.unknown else []
    return said + [f"On {version}: {what}." for version, what in capability.differs.items()]


def main(arguments: Sequence[str]) -> int:
    """Print the page made of one file of results."""
    try:
        sys.stdout.write(table(json.loads(Path(arguments[0]).read_text(encoding="utf-8"))))
    except (IndexError, OSError, ValueError, CannotTell) as error:
        print(f"error: {error}; give the file that `pytest -m live --results=FILE` wrote", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
