"""A real nginx in front of a live Odoo, with the settings that clients' proxies have. Installed where it is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from tests.live.servers.machine import free_port

CONFIG = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    log_format calls '$connection $request_method $uri $status $sent_http_content_encoding';
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    limit_req_zone $server_port zone=once:1m rate=1r/s;
    server {{
        listen {listen};
        {tls}
        access_log {folder}/calls.log calls;
        proxy_set_header Host $host;
        {server}
        location {prefix}/ {{
            proxy_pass {odoo}/;
            {location}
        }}
    }}
}}
"""
MB = 1 << 20
GZIP = "gzip on; gzip_types text/xml application/json; gzip_min_length 100; gzip_proxied any;"


@dataclass(frozen=True)
class Proxy:
    """``url``: of Odoo, behind it. ``authority``: the file of whoever vouches for it, "" without TLS."""

    url: str
    authority: str
    folder: Path

    def calls(self) -> list[tuple[str, str, int, str]]:
        """(connection, path, status, encoding of the answer) of every call that came through."""
        rows = (line.split(" ") for line in (self.folder / "calls.log").read_text().splitlines())
        return [(connection, path, int(status), encoding) for connection, _method, path, status, encoding in rows]


@contextmanager
def nginx(
    odoo: str, folder: Path, *, prefix: str = "", server: str = "", location: str = "", tls: bool = False, ip: str = ""
) -> Iterator[Proxy]:
    """An nginx until the block ends. ``server``, ``location``: directives of its own; ``ip``: where it listens."""
    program, port = _program(), free_port()
    settings = ""
    if tls:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        own = authority.issue_cert("127.0.0.1")
        own.private_key_and_cert_chain_pem.write_to_path(str(folder / "own.pem"))
        settings = f"ssl_certificate {folder}/own.pem; ssl_certificate_key {folder}/own.pem;"
    host = f"[{ip}]" if ":" in ip else ip or "127.0.0.1"
    text = CONFIG.format(
        # Its workers must reach the folder of the test, which is its owner's alone.
        user="user root;" if os.geteuid() == 0 else "",
        folder=folder,
        listen=f"{host}:{port}{' ssl' if tls else ''}",
        tls=settings,
        odoo=odoo,
        prefix=prefix,
        server=server,
        location=location,
    )
    (folder / "nginx.conf").write_text(text)
    process = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
    try:
        _wait(folder / "nginx.pid", process, folder / "error.log")
        url = f"{'https' if tls else 'http'}://{host}:{port}{prefix}"
        yield Proxy(url, str(folder / "ca.pem") if tls else "", folder)
    finally:
        process.terminate()
        process.wait(10)


def add_option(parser: pytest.Parser) -> None:
    """Offer ``--proxy-seconds``: nginx's own 60, or Odoo Online's 120, would cost every run minutes."""
    text = "under -m live: how long a proxy waits for Odoo in the test of its time limit (clients' wait 60 or 120)"
    parser.addoption("--proxy-seconds", type=int, default=3, help=text)


def _program() -> str:
    if not shutil.which("nginx", path=_PATH):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", "nginx-light"]):
            subprocess.run(["apt-get", "-oDPkg::Lock::Timeout=300", *words], check=True, env=environment)
    return str(shutil.which("nginx", path=_PATH))


_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def _wait(pid: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it has its port: it writes the file once it listens."""
    for _time in range(200):
        if pid.exists() and pid.read_text().strip():
            return
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    raise AssertionError(log.read_text())
