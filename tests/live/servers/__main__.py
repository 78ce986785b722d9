"""The shell's way to the live servers: answers in JSON on stdout, progress on stderr."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from . import RECIPES, ServerError, running, start, stop


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked; a failure is one sentence and the end of the log."""
    parser = argparse.ArgumentParser(prog="python -m tests.live.servers", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("status", help="what runs")
    for verb, text in (
        ("start", "start a server, or find the one that runs"),
        ("stop", "stop it; its databases stay"),
        ("fresh", "make NAME a new copy of the template database"),
        ("drop", "drop the database NAME"),
        ("shell", "run stdin's Python inside `odoo shell` on the database NAME"),
    ):
        parser_of_verb = verbs.add_parser(verb, help=text)
        parser_of_verb.add_argument("version", choices=sorted(RECIPES))
        if verb in {"fresh", "drop", "shell"}:
            parser_of_verb.add_argument("name")
    asked = parser.parse_args(arguments)
    try:
        _do(asked.verb, getattr(asked, "version", ""), getattr(asked, "name", ""))
    except (ServerError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _do(verb: str, version: str, name: str) -> None:
    """Carry out one verb."""
    if verb == "stop":
        stop(version)
    elif verb == "status":
        for known in sorted(RECIPES):
            _print_status(known)
    else:
        server = start(version)
        if verb == "shell":
            print(server.shell(sys.stdin.read(), name), end="")
            return
        if verb == "fresh":
            server.fresh_database(name)
        elif verb == "drop":
            server.drop_database(name)
        answer = server.connection()
        print(json.dumps({**answer, "database": name} if verb == "fresh" else answer))


def _print_status(version: str) -> None:
    """Tell one version's state in one line."""
    server = running(version)
    state: dict[str, object] = {"version": version, "running": server is not None}
    if server:
        state.update(server.connection())
        try:
            state["databases"] = server.databases()
        except (ServerError, OSError) as error:
            state["answers"] = str(error)
        state["log"] = str(server.log_path)
    print(json.dumps(state))


if __name__ == "__main__":
    sys.exit(main())
