"""``docs/compatibility.md``: what works on which version of Odoo, made of what the live tests found.

    pytest -m live --results=results.json
    python -m tests.support.compatibility results.json > docs/compatibility.md

A cell is *measured* when every test of the capability that ran on that version passed there. The runs on 15 to 18 are
kept in `tests.support.measured`. Where a version has none, it is *inferred* where the code asks the server what it has,
or goes by numbers (`Capability.rests_on`) that were measured there, by hand too (`measured_by_hand.yaml`), and
*unknown* where nobody saw what it goes by. A test of the tables that did not run on 14 or 19 is an error: nothing is
made up.

With ``--all-passed`` instead of a file, the page is what a run gives in which all passed on 14 and 19: for a new run on
a version between.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from tests.support import wires
from tests.support.live_results import ELSEWHERE
from tests.support.measured import FAILED, PASSED, Run, kept_runs
from tests.support.version_facts import BETWEEN, BY_HAND, CALLS, FACTS, FIELDS, MEASURED, UNASKED, Fact, Unasked

Results = Mapping[str, Mapping[str, str]]
"""Version -> test -> outcome, as `tests.support.live_results` writes them."""


OVER_JSON_2 = wires.over_json_2(MEASURED[-1])
ALL_PASSED = "--all-passed"


class CannotTell(Exception):
    """The results do not hold what the table needs; the text says what."""


@dataclass(frozen=True)
class Capability:
    """One line of the table. ``tests``: patterns of the tests that measure it, below ``tests/``.

    ``rests_on``: keys of `UNASKED`, without which what the line promises may be untrue on a version between;
    ``unknown``: why else the versions between are not inferred. ``differs``: version -> what is otherwise there.
    """

    name: str
    tests: tuple[str, ...]
    rests_on: tuple[str, ...] = ()
    unknown: str = ""
    differs: Mapping[str, str] = field(default_factory=dict)

    def between(self, version: int, run: Run | None, facts: Mapping[str, Unasked]) -> str:
        """What is known of a version on which CI does not run these tests."""
        found = run.outcomes(self.tests) if run else set()
        if FAILED in found:
            return "fails"
        if PASSED in found:
            whole = run is not None and all(run.outcomes([pattern]) == {PASSED} for pattern in self.tests)
            return "measured" if whole else "measured in part"
        seen = all(version in facts[name].measured for name in self.rests_on)
        return "unknown" if self.unknown or not seen else "inferred"


PLANNED, ANNOUNCED = "Plan, apply, second plan empty", "Side effects of writes, announced by the plan"
WRITING = (
    *("CLOSING_DATE_LEAVES_SINCE", "WON_LEAVES_ARCHIVE_SINCE", "STAGE_FOLLOWS_TEAM_SINCE"),
    *("COMPANY_FOLLOWS_SALESPERSON_SINCE", "COMPANY_TAKES_FROM_PERSON_SINCE", "MOVE_DATE_STAYS_SINCE"),
    *("ACTIVITIES_STAY_SINCE", "EMPTY_STAYS_ON_LEAD_SINCE", "ZERO_LEAVES_CLOSING_DATE_SINCE"),
)
"""What Odoo changes by itself when a record is written, as far as 14 and 19 differ."""

NOTING = ("NOTES_MAIL_SINCE", "CONTACT_NOTES_COMPANY_SINCE", "CONTACT_NOTES_ADDRESS_SINCE")

CAPABILITIES = (
    Capability(
        "Log in with an API key; wrong database, key or second factor is one sentence",
        ("test_bad_input_live.py::*",),
    ),
    Capability(
        "Fields, stages, tags, people and rights found by the names of the version",
        ("test_odoo_versions.py::*", "test_e2e_rights.py::test_preflight*"),
    ),
    Capability(
        "`check` predicts what each kind of user may do",
        ("test_e2e_rights_matrix.py::*", "test_e2e_rights_granted.py::*"),
    ),
    Capability(
        "Conditions select the same records on every version, in the embedded CRM and in the local evaluator",
        ("live/differential/*",),
    ),
    Capability(
        "Criteria on what people bought and did: the records of a list, counted by the server",
        ("live/differential/test_lists.py::*",),
    ),
    Capability(
        PLANNED,
        ("test_e2e_job.py::*",),
        rests_on=(
            *("STAGE_FOLLOWS_TEAM_SINCE", "WON_LEAVES_ARCHIVE_SINCE", "NOTES_MAIL_SINCE"),
            *("GROUPS_MANY_SINCE", "LISTS_AMOUNTS_SINCE"),
        ),
    ),
    Capability("Conflicts: what people changed since the plan is left, by name", ("test_e2e_people.py::*",)),
    Capability(
        "Time-outs, kills, refused batches, write conflicts", ("test_e2e_interruptions.py::*", "test_e2e_kills.py::*")
    ),
    Capability("Limits, examples, stale plans", ("test_e2e_refusals.py::*",)),
    Capability(
        "Undo, to the field; what it does not give back is announced",
        ("test_e2e_undo_law.py::*",),
        rests_on=WRITING,
    ),
    Capability(
        "Tags, stages and shared favourites made and unmade",
        ("test_e2e_rights.py::test_a_*", "test_e2e_rights.py::test_favourites*", "test_e2e_elsewhere.py::*"),
        rests_on=("FAVOURITES_TELL_CAPITALS_SINCE",),
    ),
    Capability(
        "Salespeople given in turn or by load, without mail",
        ("test_e2e_assignment.py::*",),
        rests_on=("STAGE_FOLLOWS_TEAM_SINCE", "COMPANY_FOLLOWS_SALESPERSON_SINCE", "NOTES_MAIL_SINCE"),
    ),
    Capability(
        "Silent writes: no mail, no note, no follower",
        ("test_side_effects.py::test_assigning_somebody_else*", "test_e2e_tracking.py::test_silence_is_chosen"),
    ),
    Capability(
        "`tracking: keep`: changes noted in the chatter",
        ("test_e2e_tracking.py::*",),
        rests_on=NOTING,
        differs={"14": "noted without any mail", "19": "stage moves mail who subscribed, so the plan asks"},
    ),
    Capability(
        ANNOUNCED,
        ("test_planning_side_effects.py::*",),
        rests_on=(*WRITING, *NOTING, "SCORING_READS_LANGUAGE_SINCE"),
    ),
    Capability(
        "What Odoo does by itself when a record is written, and what keeps it from that",
        ("test_side_effects.py::*",),
        unknown="each side effect is a fact of one version's code",
    ),
    Capability(
        "Fields that reach other records",
        ("test_e2e_reach.py::*",),
        rests_on=("EMPTY_STAYS_ON_LEAD_SINCE", "COMPANY_TAKES_FROM_PERSON_SINCE"),
        differs={"14": "emptying e-mail or phone empties the contact's too"},
    ),
    Capability(
        "Leads turned into opportunities, and back",
        ("test_e2e_conversion.py::*",),
        rests_on=("STAGE_FOLLOWS_TEAM_SINCE", "MOVE_DATE_STAYS_SINCE"),
    ),
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
        "A client without an API: plans imported by hand, by clicks too, and proven by a second export",
        ("live/test_by_hand.py::*",),
    ),
    Capability("Links of the report open the record", ("test_live_links.py::*",), rests_on=("PATHS_SINCE",)),
    Capability(
        "How to make the work user, its key and a custom field, as the screens say it",
        ("test_reports_guide_live.py::*", "test_checking_by_hand.py::*"),
        rests_on=(
            "KEYS_EXPIRE_SINCE",
            "NEW_BUTTON_SINCE",
            "NEW_WORDS_SINCE",
            "GEAR_SINCE",
            "OTHER_KEYS_SINCE",
            "CUTS_SINCE",
        ),
    ),
)


def table(results: Results, runs: Mapping[int, Run]) -> str:
    """The page, as Markdown. ``runs``: those kept of versions between.

    Raises `CannotTell` when a capability was not tested on 14 or 19.
    """
    # A test that asks every server at once stands under none of them.
    of_all = results.get(ELSEWHERE, {})
    here = {version: {**of_all, **results.get(version, {})} for version in MEASURED}
    over_json_2 = results.get(OVER_JSON_2, {})
    facts = {name: fact.with_runs(runs) for name, fact in UNASKED.items()}
    notes: list[str] = []
    rows = []
    for capability in CAPABILITIES:
        first, last = (_cell(capability.name, capability.tests, here[version], version) for version in MEASURED)
        between = [capability.between(version, runs.get(version), facts) for version in BETWEEN]
        marks = "".join(
            f"<sup>{number}</sup>" for number in sorted(_number(why, notes) for why in _reasons(capability))
        )
        rows.append(f"| {capability.name}{marks} | {' | '.join([first, *between, last])} |")
    versions = (MEASURED[0], *map(str, BETWEEN), MEASURED[1])
    return "\n".join(
        [
            *_INTRODUCTION,
            f"| capability | {' | '.join(versions)} |",
            f"|---{'|---' * len(versions)}|",
            *rows,
            "",
            *(f"{number}. {note}" for number, note in enumerate(notes, 1)),
            "",
            *_DIFFERENCES,
            *(_difference(fact, here) for fact in (*FIELDS, *CALLS, *facts.values())),
            "",
            *_BY_HAND,
            *(line for run in runs.values() for line in _about(run)),
            *_AS_WHICH,
            *(_by_hand(fact.what, _as_which(fact)) for fact in facts.values() if fact.measured),
            *(_by_hand(row["what"], row) for row in BY_HAND["others"]),
            "",
            *_OVER_JSON_2,
            *(f"- `tests/{file}`: {_cell(file, [f'{file}::*'], over_json_2, OVER_JSON_2)}" for file in wires.JOB),
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
    "- *measured*: tests ran against a real server of that version, and passed. On 14 and 19 they do so in each CI",
    "  run, on 15 to 18 they did on [the day that is told below](#odoo-15-to-18).",
    "- *measured in part*: the same, but some of the tests did not run: nobody ran them, or they need what nobody may",
    "  do to a server of somebody else.",
    "- *inferred*: these tests did not run there. 14 and 19 agree, or the tool asks the server which of the two it is,",
    "  or [what decides was measured](#odoo-15-to-18).",
    "- *unknown*: these tests did not run there, and 14 and 19 differ in what a server does not tell and nobody",
    "  measured. The note says what is assumed.",
    "",
)
_DIFFERENCES = (
    "## What differs between 14 and 19",
    "",
    "Each row was measured on both servers. What can be asked is asked; only what cannot goes by the version's number.",
    "",
    "| what | 14 | 19 | how the tool knows |",
    "|---|---|---|---|",
)
_BY_HAND = (
    "## Odoo 15 to 18",
    "",
    f"Servers of these versions were asked by hand on {BY_HAND['date']}, over XML-RPC. What they answered is in",
    "`tests/support/measured_by_hand.yaml`. The live suite runs on them by hand too (see",
    "[CONTRIBUTING.md](../CONTRIBUTING.md)); what it found is in `tests/support/measured`.",
    "",
)
_AS_WHICH = (
    "*As 14* and *as 19* are the columns of the table above. `tests/test_behaviours_versions.py` holds what a plan",
    "foresees to it, version by version.",
    "",
    f"| what | {' | '.join(map(str, BETWEEN))} |",
    f"|---{'|---' * len(BETWEEN)}|",
)
_OVER_JSON_2 = (
    "## Odoo 19 over JSON-2",
    "",
    "All of the above was measured over XML-RPC. In each CI run these tests, the whole job, run on 19 over JSON-2 too;",
    "the others do by hand (see [CONTRIBUTING.md](../CONTRIBUTING.md)).",
    "",
)
_TESTS = ("## Which tests measure what", "")


def _cell(name: str, tests: Sequence[str], here: Mapping[str, str], version: str) -> str:
    """One version that was run."""
    for pattern in tests:
        found = {outcome for test, outcome in here.items() if fnmatch(test, f"tests/{pattern}")}
        if not found:
            raise CannotTell(f"no test tests/{pattern} ran on Odoo {version}, for: {name}")
        if found != {PASSED}:
            return "fails"
    return "measured"


def _difference(fact: Fact, here: Mapping[str, Mapping[str, str]]) -> str:
    """One row of the second table."""
    cells = {version: _cell(fact.what, fact.tests, here[version], version) for version in MEASURED}
    shown = [fact.on[version] if cells[version] == "measured" else cells[version] for version in MEASURED]
    return f"| {fact.what} | {' | '.join(shown)} | {fact.known} |"


def _about(run: Run) -> list[str]:
    """What a run on a version between found, in a few lines."""
    left_out = {what: number for what, number in run.cases.items() if what not in (PASSED, FAILED)}
    counted = [f"{run.cases.get(how, 0)} {how}" for how in (PASSED, FAILED)]
    counted += [f"{sum(left_out.values())} left out"] if left_out else []
    files = len({test.partition("::")[0] for test, _how in run.found})
    lines = [f"- Odoo {run.version} ({run.server}), {run.date}, {files} files of tests: {', '.join(counted)}."]
    if left_out:
        lines.append(f"  Left out: {'; '.join(f'{number} {what}' for what, number in sorted(left_out.items()))}.")
    if failing := run.failing():
        lines.append(f"  Failed: {', '.join(f'`{test}`' for test in failing)}.")
    return [*lines, ""]


def _as_which(fact: Unasked) -> dict[int, str]:
    return {version: f"as {like}" for version, like in fact.measured.items()}


def _by_hand(what: str, on: Mapping[int, str]) -> str:
    """One row of the third table."""
    return f"| {what} | {' | '.join(on.get(version, 'not asked') for version in BETWEEN)} |"


def _reasons(capability: Capability) -> list[str]:
    """The notes of one line."""
    facts = [UNASKED[name] for name in capability.rests_on]
    said = [f"By the number of the version, {one.taken}: {one.what}." for one in facts]
    said += [f"15 to 18: {capability.unknown}."] if capability.unknown else []
    return said + [f"On {version}: {what}." for version, what in capability.differs.items()]


def _number(note: str, notes: list[str]) -> int:
    """The number under which a note stands once, whatever it is about."""
    if note not in notes:
        notes.append(note)
    return notes.index(note) + 1


def all_passed() -> dict[str, dict[str, str]]:
    """A run of the tests of this page on 14 and 19 in which each passed."""
    patterns = [pattern for one in (*CAPABILITIES, *FACTS) for pattern in one.tests]
    passed = {version: {f"tests/{one}".replace("*", "x"): PASSED for one in patterns} for version in MEASURED}
    return {**passed, OVER_JSON_2: {f"tests/{file}::x": PASSED for file in wires.JOB}}


def main(arguments: Sequence[str]) -> int:
    """Print the page made of the results of one run, or of several that ran each a part of the tests."""
    found: dict[str, dict[str, str]] = {}
    try:
        for name in arguments:
            results = all_passed() if name == ALL_PASSED else json.loads(Path(name).read_text(encoding="utf-8"))
            for version, tests in results.items():
                found.setdefault(version, {}).update(tests)
        sys.stdout.write(table(found, kept_runs()))
    except (OSError, ValueError, CannotTell) as error:
        print(f"error: {error}; give the file that `pytest -m live --results=FILE` wrote", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
