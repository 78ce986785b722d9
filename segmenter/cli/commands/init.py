"""``segmenter init``: a commented spec to start from."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import click

from segmenter.cli.output import say
from segmenter.cli.parts import command as made
from segmenter.cli.parts import option
from segmenter.errors import SegmenterError, UsageError
from segmenter.i18n import N_, _, why
from segmenter.spec import schema_text, template

SCHEMA = "segmenter.schema.json"


@made(
    "init",
    N_("Write a commented spec for CLIENT, and its schema beside it for editors that help while typing."),
    [
        ('segmenter init "Viveros del Maipo"', N_("Writes viveros-del-maipo.yaml in this folder")),
    ],
)
@click.argument("client")
@option("--output", metavar="FILE", help=N_("Another file name."))
@option("--force", is_flag=True, help=N_("Overwrite a file that is there already."))
def command(client: str, output: str | None, force: bool) -> None:
    """Write the template."""
    file = Path(output or f"{_plain(client)}.yaml")
    if file.exists() and not force:
        raise UsageError(
            _("{file} is there already").format(file=file),
            todo=_("choose another with --output, or overwrite it with --force"),
        )
    try:
        (file.parent / SCHEMA).write_text(schema_text(), "utf-8")
        file.write_text(template(client, SCHEMA), "utf-8")
    except OSError as error:
        raise SegmenterError(
            _("{file} cannot be written: {reason}").format(file=file, reason=why(error)),
            todo=_("look at the folder's rights, and at the disk"),
        ) from error
    say(_("Written: {file}. Fill it in, then: segmenter validate {file}").format(file=file), "green")


def _plain(client: str) -> str:
    """``Viveros del Maipo`` -> ``viveros-del-maipo``, a name for files everywhere."""
    flat = unicodedata.normalize("NFD", client.lower())
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in flat if not unicodedata.combining(c)).split()
    return "-".join(words) or "client"
