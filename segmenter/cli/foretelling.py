"""Says beforehand how long a command takes on a host that may be asked only so often."""

from __future__ import annotations

from collections.abc import Callable

from segmenter.address import parse_address
from segmenter.cli.output import say
from segmenter.cli.settings import settings
from segmenter.i18n import _, ngettext
from segmenter.odoo.hosts import kind_of, pace_of
from segmenter.odoo.pacing import HostPace
from segmenter.resolving.mentions import segments_of
from segmenter.spec.model import Connection, Spec

READING = 35
"""Calls that a check or a plan takes, besides one a segment (counted on specs of 3 to 64 segments)."""
PROFILING = 180
"""Calls that a profile takes (counted on the leads of the demo)."""


def pace_wanted(connection: Connection) -> HostPace | None:
    """The pace that the spec asks for; None where it leaves that to the kind of host."""
    wanted = connection.pace
    return HostPace(wanted.calls_per_second, wanted.connections) if wanted else None


def reading_calls(spec: Spec) -> int:
    """The calls of a command that reads what the spec asks, about; without segments it is the profile."""
    segments = len(list(segments_of(spec)))
    return READING + segments if segments else PROFILING


def foretell(connection: Connection, count: Callable[[], int]) -> None:
    """Says how many calls it takes and how long, where the host has a limit."""
    address = parse_address(connection.url, allow_http=settings().allow_http)
    pace = pace_of(kind_of(address, connection.database), pace_wanted(connection))
    if pace.calls_per_second is None:
        return
    calls = count()
    seconds = round(pace.seconds(calls))
    minutes = round(seconds / 60)
    if minutes:
        time = ngettext("{number} minute", "{number} minutes", minutes).format(number=minutes)
    else:
        time = ngettext("{number} second", "{number} seconds", seconds).format(number=seconds)
    sentence = _("{host} is asked at a pace of {often} a second: about {calls} calls, {time}")
    say(sentence.format(host=address.host, often=f"{pace.calls_per_second:g}", calls=calls, time=time))
