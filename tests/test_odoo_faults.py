"""Faults as errors: by code, never by a localised text."""

from __future__ import annotations

from xmlrpc.client import Fault

import pytest

from segmenter.errors import (
    AccessDenied,
    AuthenticationFailed,
    Busy,
    CannotSend,
    ConnectionFailed,
    Refused,
    ServerError,
)
from segmenter.odoo.faults import translate

TRACEBACK = 'Traceback (most recent call last):\n  File "/odoo/http.py", line 1\n    call()\n'


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        (Fault(4, "No puede acceder…"), AccessDenied, "The work user may not change leads and opportunities"),
        (Fault(3, "Access Denied"), AuthenticationFailed, "Odoo no longer accepts the work user's key"),
        (
            Fault(2, "El nombre\n\nes obligatorio"),
            Refused,
            "Odoo refuses to write crm.lead: El nombre es obligatorio",
        ),
        (
            Fault(
                1,
                TRACEBACK
                + "psycopg2.errors.SerializationFailure: could not serialize access due to concurrent update\n",
            ),
            Busy,
            "Somebody else was writing the same records of crm.lead",
        ),
        (
            Fault(
                1,
                TRACEBACK + "psycopg2.errors.DeadlockDetected: deadlock detected\nDETAIL:  Process 1 waits\nHINT: x\n",
            ),
            Busy,
            "Somebody else was writing",
        ),
        (
            Fault(1, TRACEBACK + "ValueError: Invalid field 'nope' on 'crm.lead'\n"),
            ServerError,
            "Odoo failed at write of crm.lead: ValueError: Invalid field 'nope' on 'crm.lead'",
        ),
        (
            Fault(1, TRACEBACK + "psycopg2.errors.NotNullViolation: null value\nDETAIL:  Failing row contains (1).\n"),
            Refused,
            "Odoo refuses to write crm.lead: its database does not allow these values together",
        ),
        (
            Fault(2, 'duplicate key value violates unique constraint "x_index"\nDETAIL:  Key (name)=(a) exists.\n'),
            Refused,
            "Odoo refuses to write crm.lead: another record has the same name or key already",
        ),
        (
            Fault(2, 'new row for relation "t" violates check constraint "t_check"\nDETAIL: Failing row (1).\n'),
            Refused,
            "Odoo refuses to write crm.lead: its database does not allow these values together",
        ),
        (
            Fault(1, 'psycopg2.OperationalError: FATAL:  database "crm" does not exist\n'),
            ConnectionFailed,
            "This server has no database “crm”",
        ),
        (Fault("warning -- x", ""), ServerError, "Odoo failed at write of crm.lead: "),  # type: ignore[arg-type]
    ],
)
def test_each_fault_has_its_error(fault: Fault, kind: type, said: str) -> None:
    error = translate(fault, "crm.lead", "write")
    assert type(error) is kind
    assert error.what.startswith(said)
    assert "\n" not in error.what
    assert error.todo


# Code and last line of what servers of 15 to 18 answered on 2026-11-30.
@pytest.mark.parametrize(
    ("code", "line", "kind"),
    [
        (4, "You are not allowed to modify 'Users' (res.users) records.", AccessDenied),
        (4, "You are not allowed to modify 'User' (res.users) records.", AccessDenied),
        (4, "Private methods (such as _write) cannot be called remotely.", AccessDenied),
        (4, "Private methods (such as 'crm.lead._write') cannot be called remotely.", AccessDenied),
        (3, "Access Denied", AuthenticationFailed),
        (2, "(Record: crm.lead(99999999,), User: 8)", Refused),
        (2, "Object no.model doesn't exist", Refused),
        (2, "crm_tag_name_uniq", Refused),
        (2, "The operation cannot be completed: Tag name already exists!", Refused),
        (1, "ValueError: Wrong value for crm.lead.priority: '77'", ServerError),
        (1, "ValueError: Invalid field 'nofield' on model 'crm.lead'", ServerError),
        (1, "ValueError: Invalid field crm.lead.nofield in leaf ('nofield', '=', 1)", ServerError),
        (1, "TypeError: cannot marshal None unless allow_none is enabled", ServerError),
    ],
)
def test_what_15_to_18_answered_is_understood(code: int, line: str, kind: type) -> None:
    text = TRACEBACK + line if code == 1 else line
    error = translate(Fault(code, text), "crm.lead", "write")
    assert type(error) is kind
    assert (line in error.what) is (code < 3)


def test_of_leads_alone_it_is_told_why_they_cannot_be_sent() -> None:
    """Teams define properties for their leads; what else holds no value is the server's own fault."""
    fault = Fault(1, TRACEBACK + "TypeError: cannot marshal None unless allow_none is enabled")
    lead, contact = translate(fault, "crm.lead", "read"), translate(fault, "res.partner", "read")
    assert (type(lead), type(contact)) == (CannotSend, ServerError)
    assert "their team got a property" in lead.what
    assert "their team got a property" not in contact.what


def test_a_second_tag_of_a_name_on_16_is_the_name_that_is_there() -> None:
    """16 fails while it words what PostgreSQL refused, which its traceback still holds before that."""
    unique = 'psycopg2.errors.UniqueViolation: duplicate key value violates unique constraint "crm_tag_name_uniq"\n'
    again = "During handling of the above exception, another exception occurred:\n"
    error = translate(Fault(1, TRACEBACK + unique + again + TRACEBACK + "KeyError: 'lang'\n"), "crm.tag", "create")
    assert type(error) is Refused
    assert "another record has the same name or key already" in error.what


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("search_count", "The work user may not read leads and opportunities"),
        ("create", "The work user may not create leads and opportunities"),
        ("unlink", "The work user may not delete leads and opportunities"),
        ("convert_opportunity", "The work user may not convert_opportunity crm.lead"),
    ],
)
def test_the_operation_is_named_from_the_call(method: str, said: str) -> None:
    assert translate(Fault(4, "x"), "crm.lead", method).what == said


def test_a_message_is_bounded_and_printable() -> None:
    error = translate(Fault(2, "a\x1b[31m" + "b" * 5000), "crm.lead", "write")
    assert len(error.what) < 500
    assert error.what.isprintable()


def test_the_code_is_kept() -> None:
    assert [translate(Fault(code, "x"), "m", "write").fault_code for code in (1, 2, 4)] == [1, 2, 4]  # type: ignore[attr-defined]
