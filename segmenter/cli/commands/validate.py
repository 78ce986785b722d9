"""``segmenter validate``: the file by itself, then against the server where one is reachable."""

from __future__ import annotations

import click

from segmenter.cli.connection import look, opener
from segmenter.cli.output import as_json, print_json, say
from segmenter.cli.parts import command as made
from segmenter.cli.parts import formats, option, talks_to_odoo
from segmenter.errors import ConnectionFailed, SpecError, UsageError
from segmenter.i18n import N_, _, ngettext
from segmenter.planning.resolve import resolve
from segmenter.reports import findings
from segmenter.spec import load
from segmenter.spec.model import Spec


@made(
    "validate",
    N_(
        "Say everything that is wrong with SPEC, each at its line: first the file by itself, then its names and fields "
        "on the server, if one is reachable and a key is at hand."
    ),
    [
        ("segmenter validate viveros.yaml", N_("File and server")),
        ("segmenter validate viveros.yaml --offline", N_("The file alone")),
    ],
)
@click.argument("spec")
@option("--offline", is_flag=True, help=N_("Ask no server."))
@formats()
@talks_to_odoo
def command(spec: str, offline: bool) -> None:
    """Print what is wrong; raises when something is."""
    try:
        loaded = load(spec)
        where = _("the file alone") if offline or loaded.odoo is None else _against_server(loaded)
    except SpecError as error:
        if as_json():
            print_json("validation", findings.problems(error.problems))
        raise
    if as_json():
        print_json("validation", findings.problems(()))
    segments = sum(len(one.all_segments) for one in loaded.segmentations)
    sentence = ngettext(
        "{file} holds ({where}): {number} segment", "{file} holds ({where}): {number} segments", segments
    )
    say(sentence.format(file=spec, where=where, number=segments), "green")


def _against_server(spec: Spec) -> str:
    """Resolve every name on the server; says what was asked. Raises `SpecError` for what does not resolve."""
    try:
        eyes = look(spec, opener(spec, ask=False)())
    except (ConnectionFailed, UsageError) as error:
        say(_("Not checked against the server: {why}").format(why=error), "yellow")
        return _("the file alone")
    resolve(spec, eyes.reader, eyes.catalog, eyes.clock)
    return _("the file, and its names on {url}").format(url=eyes.reader.identity.url)
