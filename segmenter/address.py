"""The address of a server as a person writes it, checked before anything is sent there."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from segmenter.errors import ConnectionFailed
from segmenter.i18n import _

PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+(%\w+)?", re.IGNORECASE)
"""What may be the name or number of a machine, in any alphabet."""


@dataclass(frozen=True, slots=True)
class Address:
    """A server: ``url`` in one spelling (no trailing slash, no default port), and its parts."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if PORTS[self.scheme] == self.port else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine itself, by its name or by its number."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def parse_address(url: str, *, allow_http: bool = False, prefix: bool = False) -> Address:
    """The address in one spelling. Raises `ConnectionFailed` for what is no https url (http: loopback alone).

    A path that a browser shows inside Odoo (``/web``, ``/odoo``) is cut off. ``prefix``: its first part is kept, as the
    place below which a proxy has Odoo.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (
            (parts.hostname or "").encode("idna").decode()
            if ":" not in (parts.hostname or "")
            else str(parts.hostname),
            parts.port,
        )
    except (ValueError, UnicodeError):
        parts, host, port = SplitResult("", "", "", "", ""), "", None
    if parts.scheme not in PORTS or not HOST.fullmatch(host):
        raise ConnectionFailed(
            _("“{url}” is not the address of a server").format(url=_without_secret(url)),
            todo=_("write it as https://company.odoo.com"),
        )
    if parts.username or parts.password:
        raise ConnectionFailed(
            _("The url must not hold a user or a password"),
            todo=_("write the user under odoo.user, and keep the key in the keyring or the environment"),
        )
    if parts.scheme == "http" and not allow_http and not is_loopback(host):
        raise ConnectionFailed(
            _("http to {host} would send the key unencrypted").format(host=host),
            todo=_("use https, or --allow-http if you know that nobody can listen"),
        )
    path = parts.path.rstrip("/")
    first = path.split("/")[1:2]
    if first in (["web"], ["odoo"], ["xmlrpc"]):
        path = f"/{first[0]}" if prefix else ""
    return Address(parts.scheme, host, port or PORTS[parts.scheme], path)


def _without_secret(url: str) -> str:
    """What may be shown of something that is not a url: nothing before an @."""
    return url.rsplit("@", 1)[-1][:200]
