"""The errors of an Odoo 19, with the fault codes that XML-RPC gives them. The texts are Odoo's own, in English.

A Python error inside the server (an unknown field, a bad operator, a wrong type) is Fault 1 with a traceback, whose
last line is the useful one.
"""

from __future__ import annotations

from xmlrpc.client import Fault

APPLICATION, WARNING, DENIED, FORBIDDEN = 1, 2, 3, 4


class OdooError(Exception):
    """A refusal by a rule of the server; ``code`` is its fault code."""

    code = WARNING


class UserError(OdooError):
    """What the user asks for cannot be."""


class ValidationError(UserError):
    """A constraint of the model or of the database."""


class MissingError(UserError):
    """A record that does not exist (any more)."""


class AccessError(OdooError):
    """No right to the operation on the model, or on one of the records."""

    code = FORBIDDEN


def fault(error: Exception) -> Fault:
    """As it goes over the wire."""
    if isinstance(error, Fault):
        return error
    if isinstance(error, OdooError):
        return Fault(error.code, str(error))
    trace = 'Traceback (most recent call last):\n  File "odoo/service/model.py", in execute_cr\n'
    return Fault(APPLICATION, f"{trace}{type(error).__name__}: {error}\n")


def missing(model: str, record: int, uid: int) -> MissingError:
    """A record that is not there, in Odoo's words."""
    return MissingError(f"Record does not exist or has been deleted.\n(Record: {model}({record},), User: {uid})")


def required(model: str, field: str, label: str) -> ValidationError:
    """A mandatory field without a value, in Odoo's words."""
    return ValidationError(
        "The operation cannot be completed: "
        f"Missing required value for the field '{label}' ({field}).\nModel: '{model}' ({model})\n"
        "- create/update: a mandatory field is not set\n"
        "- delete: another model requires the record being deleted, you can archive it instead"
    )


def dangling(model: str, field: str) -> ValidationError:
    """A foreign key that points nowhere, or that something still points to, in Odoo's words."""
    return ValidationError(
        "The operation cannot be completed: Another model is using the record you are trying to delete.\n\n"
        f"The troublemaker is: '{model}' ({model})\nThanks to the following constraint: {field}\n"
        "How about archiving the record instead?"
    )


def hidden(model: str, uid: int) -> AccessError:
    """A record that a record rule keeps from the user, in Odoo's words."""
    return AccessError(
        f"Uh-oh! Looks like you have stumbled upon some top-secret records.\n\n"
        f"Sorry, user (id={uid}) doesn't have access to:\n- {model}\n\n"
        "If you really, really need access, perhaps you can win over your friendly administrator with a batch of "
        "freshly baked cookies."
    )
