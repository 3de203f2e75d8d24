"""The installation's secret key, and the box that keeps secrets with it.

The key lies in the environment or in HAINA_HOME/secret.key (0600), never in the database.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from haina.kernel.disk import sync_folder
from haina.kernel.errors import kind
from haina.kernel.settings import Settings

BAD_KEY = kind("bad_secret_key", 500, "平台密钥不可用", "密钥应为 base64 编码的 32 字节。")
SEALED = kind("secret_unreadable", 500, "密文无法解开", "平台密钥已更换?请重新填写该口令。")


class SecretBox:
    """Seals short texts with AES-256-GCM; each secret is bound to the name it is kept under."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise BAD_KEY(f"平台密钥应为 32 字节,实为 {len(key)} 字节", field="HAINA_SECRET_KEY")
        self._key = key
        self._aead = AESGCM(key)

    def seal(self, name: str, text: str) -> str:
        nonce = secrets.token_bytes(12)
        sealed = self._aead.encrypt(nonce, text.encode(), name.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, name: str, sealed: str) -> str:
        """Raises HainaError(secret_unreadable) for another key, another name or a changed text."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._aead.decrypt(raw[:12], raw[12:], name.encode()).decode()
        except (InvalidTag, ValueError) as broken:
            raise SEALED(f"{name} 的密文无法解开") from broken

    def fingerprint(self, text: str) -> str:
        """A keyed hash (64 hex digits) for tokens: what is stored cannot be used to sign in."""
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def load_box(settings: Settings) -> SecretBox:
    """The box of this installation; makes the key file at the first start."""
    if settings.secret_key:
        return SecretBox(_decode(settings.secret_key))
    path = settings.home / "secret.key"
    if not path.exists():
        _create(path)
    return SecretBox(_decode(path.read_text().strip()))


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as broken:
        raise BAD_KEY(field="HAINA_SECRET_KEY") from broken


def _create(path: Path) -> None:
    text = base64.b64encode(secrets.token_bytes(32)).decode() + "\n"
    write_private(path, text, exclusive=True)


def write_private(path: Path, text: str, *, exclusive: bool = False) -> None:
    """Write a file that only its owner may read, whole or not at all, durable on return.

    With `exclusive`, a file that another process made meanwhile is left as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    try:
        if exclusive:
            os.link(draft, path)
        else:
            draft.replace(path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
