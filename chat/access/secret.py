"""The key that this installation signs with: sessions, tokens."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

FILE = "signing.key"
BYTES = 32


def signing_key(data: Path) -> bytes:
    """The key in the data folder, made at first use. Processes that share the folder share the key.

    Whoever can read it can forge what it signs: the file is for its owner alone.
    """
    data.mkdir(parents=True, exist_ok=True)
    path = data / FILE
    beside = data / f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    if not path.exists():
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(BYTES))
        try:
            os.link(beside, path)  # never replaces the key of a process that was faster
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    return path.read_bytes()
