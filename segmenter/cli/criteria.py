"""The ready-to-adapt specs, wherever they were installed."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

CHECKOUT = Path(__file__).parents[2] / "criteria"


def criterion(name: str) -> Path:
    """The file of one: inside the package when installed, beside it in a checkout."""
    installed = Path(str(resources.files("segmenter"))) / "criteria" / f"{name}.yaml"
    return installed if installed.exists() else CHECKOUT / f"{name}.yaml"
