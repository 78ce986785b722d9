"""Where the work user's key comes from: the environment, then the keyring, then whoever sits there."""

from __future__ import annotations

import os
from collections.abc import Callable

import keyring

from segmenter.errors import UsageError
from segmenter.i18n import _
from segmenter.spec.model import Connection

VARIABLES = ("SEGMENTER_API_KEY", "SEGMENTER_PASSWORD")
SERVICE = "segmenter"


def keyring_user(connection: Connection) -> str:
    """The name under which the keyring keeps the key: ``login@url/database``."""
    return f"{connection.user}@{connection.url.rstrip('/')}/{connection.database}"


def secret(connection: Connection, *, prompt: Callable[[str], str] | None = None) -> str:
    """The API key (or password) of the work user. ``prompt`` gets a question and answers it unseen.

    Raises `UsageError` when there is none anywhere.
    """
    for name in VARIABLES:
        if value := os.environ.get(name, "").strip():
            return value
    if kept := _from_keyring(connection):
        return kept
    if prompt is not None:
        question = _("API key of {user} at {url}").format(user=connection.user, url=connection.url)
        if typed := prompt(question).strip():
            return typed
    raise UsageError(
        _("There is no API key for {user} at {url}").format(user=connection.user, url=connection.url),
        todo=_("set SEGMENTER_API_KEY, or keep it with: keyring set segmenter {name}").format(
            name=keyring_user(connection)
        ),
    )


def _from_keyring(connection: Connection) -> str | None:
    try:
        return keyring.get_password(SERVICE, keyring_user(connection))
    except Exception:
        return None  # a machine without a keyring is no error, whatever its backend raises: there are other ways
