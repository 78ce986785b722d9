"""An administrator's login for one act: asked for each time, kept nowhere."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache

import click

from segmenter.cli.connection import ask_unseen, logged_in
from segmenter.cli.executing import connection_to
from segmenter.cli.output import somebody_there
from segmenter.errors import UsageError
from segmenter.execution import Connect
from segmenter.i18n import _
from segmenter.odoo.server import Server
from segmenter.plans import Plan

LOGIN_VARIABLE, KEY_VARIABLE = "SEGMENTER_ADMIN_LOGIN", "SEGMENTER_ADMIN_KEY"


def administrator_for(plan: Plan) -> Connect:
    """A function that asks for an administrator's login and key at its first call, and logs in to the plan's server.

    Raises `UsageError` where nobody is there to ask, and the variables above say nothing.
    """
    made_on = connection_to(plan)

    @cache
    def connect() -> Server:
        login, key = (os.environ.get(name, "").strip() for name in (LOGIN_VARIABLE, KEY_VARIABLE))
        if not (login and key) and not somebody_there():
            raise UsageError(
                _("There is nobody to ask for an administrator's login"),
                todo=_("set {login} and {key} for this one command").format(login=LOGIN_VARIABLE, key=KEY_VARIABLE),
            )
        login = login or click.prompt(_("Login of an administrator at {url}").format(url=made_on.url), err=True).strip()
        question = _("Password or API key of {user} at {url}").format(user=login, url=made_on.url)
        return logged_in(replace(made_on, user=login), key or ask_unseen(question).strip())

    return connect
