"""The ready-to-adapt specs, wherever they were installed."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

CHECKOUT = Path(__file__).parents[2] / "criteria"
READY = ("inmobiliaria", "servicios-profesionales", "vivero-minorista", "software", "distribuidora")
"""Those of a trade; ``demo`` is there besides."""


def criterion(name: str) -> Path:
    """The file of one: inside the package when installed, beside it in a checkout."""
    installed = Path(str(resources.files("segmenter"))) / "criteria" / f"{name}.yaml"
    return installed if installed.exists() else CHECKOUT / f"{name}.yaml"


def adapted(name: str, client: str, schema: str) -> str:
    """The text of one for another client. ``schema``: where editors find the schema."""
    text = criterion(name).read_text("utf-8")
    text = re.sub(r"(?m)\$schema=.*$", lambda _found: f"$schema={schema}", text, count=1)
    return re.sub(
        r"(?m)^  name: .*$", lambda _found: f"  name: {json.dumps(client, ensure_ascii=False)}", text, count=1
    )
