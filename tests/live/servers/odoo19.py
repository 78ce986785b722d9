"""Odoo 19: Debian's package of it, run from a virtual environment of its own."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from .debian import unpack
from .machine import SYSTEM_PATH, ServerError, downloading, run, say
from .odoo import Recipe

# The pins are those of Odoo's own requirements where a newer release breaks it.
REQUIREMENTS = """
asn1crypto babel cbor2 chardet cryptography==42.0.8 python-dateutil docutils geoip2
gevent==24.11.1 greenlet==3.1.1 idna jinja2 libsass lxml==5.2.1 lxml-html-clean
MarkupSafe num2words ofxparse openpyxl pyopenssl==24.1.0 Pillow==11.1.0 polib psutil
psycopg2-binary==2.9.10 PyPDF2==2.12.1 pypdf==5.4.0 pytz passlib qrcode
reportlab==4.1.0 requests rjsmin pyserial python-stdnum urllib3 pyusb vobject
Werkzeug==3.0.1 xlrd xlsxwriter xlwt zeep freezegun python-magic docopt
setuptools==79.0.1
"""
WEB_CLIENT = ("libjs-jquery", "libjs-jquery-form", "libjs-underscore")
"""What scripts of the package link to; without them every page is an error."""
PYTHONS = ("3.11", "3.12", "3.13")
PACKAGES = Path("debian/usr/lib/python3/dist-packages")


class Odoo19(Recipe):
    """The recipe."""

    version = "19"
    demo = ("--with-demo",)
    # Each XML-RPC call is a warning in 19, which would bury all others.
    settings: ClassVar[Mapping[str, str]] = {"log_handler": ":WARNING,odoo.addons.rpc.controllers.xmlrpc:ERROR"}

    def build(self, folder: Path) -> None:
        """Unpack the package, and install what it imports."""
        scratch = folder / "scratch"
        for package in ("odoo-19", *WEB_CLIENT):
            unpack(package, "sid", folder / "debian", scratch)
        self._make_environment(folder / "venv", scratch)
        shutil.rmtree(scratch)
        self.compile(folder, folder / PACKAGES)

    def python(self, built: Path) -> list[str]:
        """Return the environment's own."""
        return [str(built / "venv/bin/python")]

    def addons(self, built: Path) -> Path:
        """Return where the package puts the modules."""
        return built / PACKAGES / "odoo/addons"

    def environment(self, built: Path) -> dict[str, str]:
        """Put the unpacked package on the path."""
        return {"PYTHONPATH": str(built / PACKAGES)}

    def _make_environment(self, venv: Path, scratch: Path) -> None:
        """Make the environment with the first Python that will do."""
        env = downloading(scratch)
        for python in _pythons():
            try:
                probe = "import venv, ensurepip, sys; print('%d.%d' % sys.version_info[:2])"
                if run([python, "-c", probe], timeout=30).strip() not in PYTHONS:
                    continue
                run([python, "-m", "venv", str(venv)])
            except ServerError:
                continue
            say(f"installing what Odoo imports, for {python}")
            install = [str(venv / "bin/python"), "-m", "pip", "install", "--no-cache-dir"]
            run([*install, *REQUIREMENTS.split()], env=env)
            return
        raise ServerError(
            f"Odoo 19 needs a Python of {', '.join(PYTHONS)} with venv that any user may run (Debian: python3-venv)"
        )


def _pythons() -> Iterator[str]:
    """Name the interpreters to try: root's own are often closed to other users."""
    path = f"{SYSTEM_PATH}:{os.environ.get('PATH', '')}"
    for name in ("python3", *(f"python{version}" for version in PYTHONS)):
        for where in (SYSTEM_PATH, path):
            found = shutil.which(name, path=where)
            if found:
                yield found
    yield sys.executable
