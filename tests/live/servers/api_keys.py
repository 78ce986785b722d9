"""API keys of a real Odoo. People make them in its screens alone, so these are put into its table."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping


def inserting(keys: Mapping[int, str], scope: str = "") -> str:
    """The SQL that makes a key for each of these users (id -> key). ``scope``: what alone it is good for."""
    what = f"'{scope}'" if scope else "NULL"
    rows = [f"('tests', {user}, {what}, '{_hashed(key)}', '{key[:8]}')" for user, key in keys.items()]
    known = ", ".join(f"'{_hashed(key)}'" for key in keys.values())
    again = f"DELETE FROM res_users_apikeys WHERE key IN ({known}) AND user_id IN ({', '.join(map(str, keys))})"
    return f"{again}; INSERT INTO res_users_apikeys (name, user_id, scope, key, index) VALUES {', '.join(rows)}"


def _hashed(key: str) -> str:
    """As passlib's pbkdf2_sha512 writes it, which Odoo keeps keys with."""
    rounds, salt = 6000, b"segmenter's test"
    words = (
        base64.b64encode(part).decode().rstrip("=").replace("+", ".")
        for part in (salt, hashlib.pbkdf2_hmac("sha512", key.encode(), salt, rounds))
    )
    return f"$pbkdf2-sha512${rounds}${'$'.join(words)}"
