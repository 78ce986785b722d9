"""What a server tells of its models, and what the work user may do: each thing asked once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from segmenter.conditions.vocabulary import Field
from segmenter.errors import AccessDenied, Refused, ServerError
from segmenter.i18n import _
from segmenter.odoo.calls import ReadingCalls
from segmenter.odoo.server import Rows, Server, ServerIdentity
from segmenter.odoo.values import ATTRIBUTES, described
from segmenter.odoo.versions import Probe


class _Fields(dict[str, Field]):
    """The fields of a model by name. Raises `Refused` for an unknown name."""

    def __init__(self, model: str, known: Mapping[str, Field]) -> None:
        self._model = model
        super().__init__(known)

    def __missing__(self, name: str) -> Field:
        raise unknown_field(self._model, name)


def unknown_field(model: str, names: str) -> Refused:
    """The error for fields that a model does not have."""
    return Refused(_("{model} has no field {field}").format(model=model, field=names), fault_code=1)


class ModelReader:
    """Reads the fields of models and the rights of the work user. ``sleep``, ``now``: the clock, in seconds."""

    def __init__(
        self,
        server: Server,
        language: str,
        timezone: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.language, self.timezone = language, timezone
        self._server, self._sleep = server, sleep
        self._calls = ReadingCalls(server, language, timezone, sleep=sleep, now=now)
        self._call = self._calls.call
        self._fields: dict[str, dict[str, Field]] = {}
        self._groups: dict[str, bool] = {}
        self._rights: dict[tuple[str, str], bool] = {}
        self._probe = Probe()

    @property
    def identity(self) -> ServerIdentity:
        """The server and the user."""
        return self._server.identity

    @property
    def version(self) -> int:
        """Odoo's major version."""
        return self.identity.major

    @property
    def uid(self) -> int:
        """The id of the work user."""
        return self.identity.uid

    @property
    def rows(self) -> Rows | None:
        """The rows of an export's records; None for a server."""
        rows: Rows | None = getattr(self._server, "rows", None)
        return rows

    @property
    def left_out(self) -> Mapping[str, Mapping[str, str]]:
        """Of a copy of a CRM: model -> field -> label, of the fields that were not copied."""
        left: Mapping[str, Mapping[str, str]] = getattr(self._server, "left_out", {})
        return left

    @property
    def context(self) -> dict[str, Any]:
        """The context of every call."""
        return dict(self._calls.context)

    def fields(self, model: str) -> dict[str, Field]:
        """Every field of a model, asked once. Raises `Refused` for an unknown model."""
        if model not in self._fields:
            answer = self._call(model, "fields_get", [], {"attributes": ATTRIBUTES})
            known = {name: described(model, name, about) for name, about in answer.items()}
            self._fields[model] = _Fields(model, known)
        return self._fields[model]

    def filter_of(self, model: str, name: str) -> object:
        """The domain of a relational field, as the server tells it: a list, a text, or False."""
        return self._call(model, "fields_get", [[name]], {"attributes": ["domain"]})[name].get("domain", False)

    def list_of(self, model: str, name: str) -> tuple[str, object]:
        """Of a one2many: the field of the listed records that points here, and its domain as the server tells it."""
        about = self._call(model, "fields_get", [[name]], {"attributes": ["relation_field", "domain"]})[name]
        return str(about.get("relation_field") or ""), about.get("domain", False)

    def details(self, model: str) -> dict[str, dict[str, Any]]:
        """What else a server tells of every field: its decimals, and where its currency is."""
        answer = self._call(model, "fields_get", [], {"attributes": ["digits", "currency_field"]})
        return {name: dict(about) for name, about in answer.items()}

    def decimals_of(self, model: str, name: str) -> int | None:
        """The number of decimals of a ``float``; None for any number."""
        digits = self._call(model, "fields_get", [[name]], {"attributes": ["digits"]}).get(name, {}).get("digits")
        return int(digits[1]) if digits else None

    def required(self, model: str, name: str) -> bool:
        """Whether no record may be without a value of this field: Odoo's own word, or a module's of the client's."""
        about = self._call(model, "fields_get", [[name]], {"attributes": ["required"]})
        return bool(about.get(name, {}).get("required"))

    def hides(self, model: str, name: str) -> bool:
        """Whether a field that is not among `fields` exists and is hidden from the work user.

        Reading it of no record is refused; reading a field that does not exist is another fault, or none (Odoo 14).
        """
        if name in self.fields(model) or not name.isidentifier() or not self.may(model, "read"):
            return False
        try:
            self._call(model, "read", [[], [name]], {})
        except AccessDenied:
            return True
        except ServerError:
            return False
        return False

    def currency_field(self, model: str, name: str) -> str:
        """The field that holds the currency of an amount; "" if the server does not tell."""
        about = self._call(model, "fields_get", [[name]], {"attributes": ["currency_field"]})
        return str(about.get(name, {}).get("currency_field") or "")

    def forget(self, model: str) -> None:
        """Forgets the fields of a model, after one was created or deleted."""
        self._fields.pop(model, None)

    def may(self, model: str, operation: str) -> bool:
        """Whether the work user has the right to ``read``, ``write``, ``create`` or ``unlink`` on the model at all."""
        key = (model, operation)
        if key not in self._rights:
            answer = self._probe.ask(
                "rights",
                # The older one first: all versions up to 19 have it.
                partial(self._call, model, "check_access_rights", [operation, False], {}),
                partial(self._call, model, "has_access", [[], operation], {}),
            )
            self._rights[key] = bool(answer)
        return self._rights[key]

    def has_group(self, xmlid: str) -> bool:
        """Whether the work user is in a group, directly or not; False for a group that does not exist."""
        if xmlid not in self._groups:
            answer = self._probe.ask(
                "groups of a user",
                partial(self._call, "res.users", "has_group", [[self.identity.uid], xmlid], {}),
                partial(self._call, "res.users", "has_group", [xmlid], {}),
            )
            self._groups[xmlid] = bool(answer)
        return self._groups[xmlid]
