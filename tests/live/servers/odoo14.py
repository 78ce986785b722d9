"""Odoo 14: Debian's package of it and all that it runs on, its Python and C library included.

That release's Python cannot be had as a package of a later one, so everything is unpacked side by side and nothing of
the machine's own is used. It takes no root and no chroot: a program runs from any folder when its loader is told where
the libraries lie.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from .debian import unpack
from .machine import ServerError, write
from .odoo import Recipe

PACKAGES = Path("usr/lib/python3/dist-packages")


class Odoo14(Recipe):
    """The recipe. Demo data are what 14 installs when nobody says otherwise."""

    version = "14"

    def build(self, folder: Path) -> None:
        """Unpack the packages."""
        scratch = folder / "scratch"
        unpack("odoo-14", "bullseye", folder / "debian", scratch, whole=True)
        shutil.rmtree(scratch)
        _move_docutils(folder / "debian" / PACKAGES / "docutils/__init__.py")
        self.compile(folder, folder / "debian" / PACKAGES)

    def python(self, built: Path) -> list[str]:
        """Run that release's Python by its own loader, on its own libraries alone."""
        tree = built / "debian"
        loader = next(tree.glob("lib/*/ld-linux*.so.*"), None)
        if loader is None:
            raise ServerError("Odoo 14 was unpacked without a loader for this machine's programs")
        libraries = f"{tree / 'usr/lib' / loader.parent.name}:{loader.parent}"
        return [str(loader), "--inhibit-cache", "--library-path", libraries, str(tree / "usr/bin/python3.9")]

    def program(self, built: Path) -> list[str]:
        """Run the package's script: the module of 14 cannot be run."""
        return [str(built / "debian/usr/bin/odoo")]

    def addons(self, built: Path) -> Path:
        """Return where the package puts the modules."""
        return built / "debian" / PACKAGES / "odoo/addons"

    def environment(self, built: Path) -> dict[str, str]:
        """Tell Python where it lies, and what it would look for in the machine's own folders."""
        tree = built / "debian"
        return {
            "PYTHONHOME": str(tree / "usr"),
            "PYTHONPATH": str(tree / PACKAGES),
            "PYTHONUTF8": "1",
            "PYTZ_TZDATADIR": str(tree / "usr/share/zoneinfo"),
        }


def _move_docutils(module: Path) -> None:
    """Let docutils find its templates where it was unpacked: into it alone Debian wrote an absolute path."""
    text = module.read_text(encoding="utf-8")
    moved = text.replace("'/usr/share/docutils/'", "sys.prefix, 'share/docutils'")
    if moved == text:
        raise ServerError(f"{module} is not the one of Debian bullseye")
    write(module, moved)
