"""Who does the work, for reports and mails: what the spec says, and for the rest the settings file of this machine."""

from __future__ import annotations

import os
from pathlib import Path

import click

from segmenter.cli.output import say
from segmenter.errors import Problem, SegmenterError, SpecError
from segmenter.i18n import _, why
from segmenter.plans import Plan
from segmenter.spec import loads, locate
from segmenter.spec.consultant import filled_up, of_settings, with_picture
from segmenter.spec.document import MAX_CHARACTERS, decode
from segmenter.spec.model import Consultant, Spec

VARIABLE = "SEGMENTER_SETTINGS"


def settings_file() -> Path | None:
    """``SEGMENTER_SETTINGS``, or the file at its usual place if there is one; None where there is none."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    usual = Path(click.get_app_dir("segmenter")) / "settings.yaml"
    return usual if usual.exists() else None


def consultant_of(spec: Spec | None) -> Consultant:
    """The consultant of a spec, or of the settings alone, with the logo if it can be read; else it says why not.

    Raises `SegmenterError` for a settings file that does not hold.
    """
    found, wrong = _found(spec)
    if wrong:
        say(str(wrong), "yellow")
    return found


def consultant_of_plan(plan: Plan) -> Consultant:
    """The same, of the spec as the plan keeps it. A text that this version no longer takes says nothing."""
    try:
        spec = loads(plan.identity.spec_text, plan.identity.spec_file)
    except SpecError:
        spec = None
    return consultant_of(spec)


def check_consultant(spec: Spec) -> None:
    """Raises `SpecError` where the logo cannot be carried along, or the settings file does not hold."""
    _found_one, wrong = _found(spec)
    if wrong:
        raise SpecError([wrong])


def _found(spec: Spec | None) -> tuple[Consultant, Problem | None]:
    own, wrong = Consultant(), None
    if spec is not None:
        own, wrong = with_picture(spec.consultant, Path(spec.file).parent)
        wrong = wrong and locate(spec, wrong)
    file = settings_file()
    if file is None:
        return own, wrong
    others, theirs = with_picture(_read(file), file.parent)
    if not own.logo and theirs:
        wrong = Problem((), theirs.what, theirs.todo, str(file))
    return filled_up(own, others), wrong


def _read(file: Path) -> Consultant:
    try:
        with file.open("rb") as opened:
            raw = opened.read(4 * MAX_CHARACTERS)
    except OSError as error:
        raise SegmenterError(
            _("The settings file {file} cannot be read: {reason}").format(file=file, reason=why(error)),
            todo=_("correct {variable}, or take it away").format(variable=VARIABLE),
        ) from error
    text = decode(raw, str(file))
    return of_settings(text, str(file)) if text.strip() else Consultant()
