"""``segmenter init``: a spec to start from: commented, drafted from what is in a CRM, or of a trade."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import click

from segmenter.cli.command import argument, connection_options, make_command, option
from segmenter.cli.crm_options import CrmOptions, crm_options
from segmenter.cli.output import say
from segmenter.cli.reporting import refuse_to_replace, write_file
from segmenter.errors import UsageError
from segmenter.i18n import N_, _, language
from segmenter.profiling import draft
from segmenter.spec import load, schema_text
from segmenter.spec.model import Client
from segmenter.spec.starters import TRADES, adapted, ready_spec, template

SCHEMA = "segmenter.schema.json"


@make_command(
    "init",
    N_(
        "Write a commented spec for CLIENT, and its schema beside it for editors that help while typing. "
        "With --from-odoo or --from it is drafted from what is there, with questions for the definition meeting; "
        "with --like it is the spec of a trade, to adapt."
    ),
    [
        ('segmenter init "Viveros del Maipo"', N_("Writes viveros-del-maipo.yaml in this folder")),
        (
            'segmenter init "Viveros del Maipo" --from-odoo --url https://viveros.example --database viveros '
            "--user trabajo@asesorateya.example",
            N_("With thresholds, tags and sources as they are in that Odoo"),
        ),
        ('segmenter init "Viveros del Maipo" --from export.xlsx', N_("The same from Odoo's own export")),
        ('segmenter init "Casas del Sur" --like inmobiliaria', N_("From the ready spec of a trade")),
    ],
)
@argument("client")
@option("--from-odoo", is_flag=True, help=N_("Draft it from the server of --url, --database and --user."))
@crm_options
@option("--like", type=click.Choice(TRADES), help=N_("Start from the ready spec of a trade."))
@option("--output", metavar="FILE", help=N_("Another file name."))
@option("--force", is_flag=True, help=N_("Overwrite a file that is there already."))
@connection_options
def command(client: str, from_odoo: bool, where: CrmOptions, like: str | None, output: str | None, force: bool) -> None:
    """Writes the spec and its schema."""
    if not client.strip():
        raise UsageError(_("The client has no name"), todo=_('say it: segmenter init "Viveros del Maipo"'))
    file = Path(output or f"{_plain(client)}.yaml")
    refuse_to_replace(file, force=force)
    text = _text(client, from_odoo, where, like)
    schema = file.parent / SCHEMA
    write_file(file, lambda: file.write_text(text, "utf-8"))
    write_file(schema, lambda: schema.write_text(schema_text(), "utf-8"))
    say(_("Written: {file}. Fill it in, then: segmenter validate {file}").format(file=file), "green")


def _text(client: str, from_odoo: bool, where: CrmOptions, like: str | None) -> str:
    """The text of the spec: adapted from a trade's, drafted from a CRM, or the template."""
    if like is not None:
        if from_odoo or where.given:
            raise UsageError(_("--like starts from a ready spec, not from a CRM"), todo=_("choose one of the two"))
        model = load(ready_spec(like)).scope.model
        if where.model not in (None, model):
            raise UsageError(
                _("The ready spec {name} is for {model}").format(name=like, model=model),
                todo=_("leave --model out, or choose another spec"),
            )
        said = [name for name in ("language", "timezone") if getattr(where, name)]
        return adapted(like, where.client(client), SCHEMA, said)
    server = where.connection()
    if from_odoo and server is None:
        raise UsageError(_("--from-odoo needs a server"), todo=_("name it with --url, --database and --user"))
    if not from_odoo and not where.given:
        usual = Client(client, language="en_US" if language() == "en" else "es_CL")
        return template(where.client(client, usual), SCHEMA, where.model or "crm.lead")
    profile, opportunities = where.portfolio()
    return draft(profile, client, SCHEMA, opportunities=opportunities, where=server)


def _plain(client: str) -> str:
    """``Viveros del Maipo`` -> ``viveros-del-maipo``: a file name that works on every system."""
    flat = unicodedata.normalize("NFD", client.lower())
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in flat if not unicodedata.combining(c)).split()
    return "-".join(words) or "client"
