"""Addresses of records in the client's Odoo.

Seen to open the record: ``/web#...`` on Odoo 14, ``/odoo/<model>/<id>`` on 19. The second came with 18, whose router
still understands the first; 15 to 17 know the first alone.
"""

from __future__ import annotations

from urllib.parse import quote

from segmenter.plans.plan import Plan

PATHS_SINCE = 18


def around(plan: Plan) -> tuple[str, str] | None:
    """What stands before and after a record's id in its address; None where there is no server to lead to."""
    if plan.identity.source == "export":
        return None
    server = plan.identity.server
    return ends(str(server["url"]), str(server["version"]), plan.identity.model)


def ends(url: str, version: str, model: str) -> tuple[str, str] | None:
    """The same of a server and a model without a plan."""
    url, model = url.rstrip("/"), quote(model, safe=".")
    if not url.startswith(("http://", "https://")):
        return None
    if major_of(version) >= PATHS_SINCE:
        return f"{url}/odoo/{model}/", ""
    return f"{url}/web#id=", f"&model={model}&view_type=form"


def address(plan: Plan, record: int) -> str:
    """Where one record is; "" where there is no server to lead to."""
    ends = around(plan)
    return f"{ends[0]}{record}{ends[1]}" if ends else ""


def major_of(version: str) -> int:
    """``19`` for ``19.0`` and ``saas~19.2``."""
    digits = "".join(letter if letter.isdigit() else " " for letter in version).split()
    return int(digits[0]) if digits else 0
