"""The commented spec that `segmenter init` writes."""

from __future__ import annotations

import json
from importlib import resources

from segmenter.i18n import language


def template(client: str, schema: str) -> str:
    """A spec to start from, in the user's language, that holds as it is. ``schema``: where editors find the schema."""
    text = resources.files("segmenter.spec").joinpath(f"template.{language()}.yaml").read_text("utf-8")
    return text.replace("SCHEMA", schema, 1).replace("CLIENT", json.dumps(client, ensure_ascii=False), 1)
