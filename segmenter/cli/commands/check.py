"""``segmenter check``: connection, work user, rights, versions, names; and how to make that work user."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from segmenter.cli.connection import Eyes, seen
from segmenter.cli.guiding import case_of
from segmenter.cli.output import show
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, option, talks_to_odoo
from segmenter.cli.settings import settings
from segmenter.errors import ExitCode, SegmenterError, SpecError, UsageError
from segmenter.i18n import N_, _
from segmenter.odoo.findings import Finding
from segmenter.odoo.preflight import preflight
from segmenter.planning.resolve import resolve
from segmenter.reports import findings, guide
from segmenter.spec import load
from segmenter.spec.model import Spec


@made(
    "check",
    N_(
        "Connect as the work user of SPEC and say, line by line, what stands between the spec and that Odoo. With "
        "--guide, say instead how the client makes that user and its API key and closes them afterwards: for the "
        "version of that server and the rights that the spec needs there, as far as they can be known."
    ),
    [
        ("segmenter check viveros.yaml", N_("Version, login, rights, names, hidden records, automation rules")),
        ("segmenter check viveros.yaml --format json", N_("The same for a program")),
        ("segmenter check viveros.yaml --guide", N_("What to ask the client for, even before anybody can log in")),
        ("segmenter check --guide", N_("The steps for every version of Odoo")),
    ],
)
@click.argument("spec", required=False)
@option("--guide", "guiding", is_flag=True, help=N_("Print how to make the work user and its API key."))
@formats()
@talks_to_odoo
def command(spec: str | None, guiding: bool) -> int:
    """Print the findings; 1 when one of them is an error. Or print the guide."""
    if guiding:
        case = case_of(load(spec) if spec else None)
        show("guide", lambda: guide.document(case), lambda: guide.terminal(case))
        return ExitCode.DONE
    if spec is None:
        raise UsageError(_("Say which spec to check"), todo=_("segmenter check SPEC, or segmenter check --guide"))
    loaded = load(spec)
    eyes = seen(loaded)
    found = preflight(loaded, eyes.reader, eyes.catalog, forced_reason=settings().forced_reason)
    found += _unresolved(loaded, eyes, [one.text for one in found])
    show("check", lambda: findings.document(found), lambda: findings.terminal(found))
    return ExitCode.ERROR if any(one.level == "error" for one in found) else ExitCode.DONE


def _unresolved(spec: Spec, eyes: Eyes, said: Sequence[str]) -> Iterator[Finding]:
    """What would stop a plan besides: a new name that looks like a slip, one thing under two names."""
    try:
        resolve(spec, eyes.reader, eyes.catalog, eyes.clock)
    except SpecError as error:
        for problem in error.problems:
            if problem.what not in said and not any(text.startswith(f"{problem.place}: ") for text in said):
                yield Finding("error", "names", f"{problem.place}: {problem.what}", problem.todo)
    except SegmenterError:
        return  # a right that is missing: said already
