"""Secrets at rest: sealed with keys that are derived from the installation's secret key, never kept beside it."""

import hmac
import os
from functools import lru_cache, partial
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_KEY = 32


class SecretSealer:
    """AES-256-GCM and HMAC-SHA-256, each purpose with a key of its own (HKDF)."""

    def __init__(self, secret_key: str) -> None:
        self._key = lru_cache(maxsize=32)(partial(_derive, secret_key.encode()))

    def seal(self, content: bytes, purpose: str) -> bytes:
        """Encrypt ``content`` so that only the same purpose opens it."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._key(purpose)).encrypt(nonce, content, purpose.encode())

    def unseal(self, sealed: bytes, purpose: str) -> bytes:
        """Return what was sealed. Raises ``ValueError`` if it was sealed by another key or for another purpose."""
        try:
            return AESGCM(self._key(purpose)).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
        except InvalidTag as error:
            raise ValueError("sealed with another key") from error

    def digest(self, text: str, purpose: str) -> str:
        """Return a keyed digest of ``text`` in hex: who reads the database alone can try nothing out."""
        return hmac.new(self._key(f"digest {purpose}"), text.encode(), sha256).hexdigest()

    def sign(self, content: bytes, purpose: str) -> bytes:
        """Sign ``content`` (Ed25519), for whoever knows ``public_key``."""
        return self._signer(purpose).sign(content)

    def public_key(self, purpose: str) -> bytes:
        """Return the 32 bytes that signatures of a purpose are checked with."""
        return self._signer(purpose).public_key().public_bytes_raw()

    def _signer(self, purpose: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._key(f"sign {purpose}"))


def is_signed(content: bytes, signature: bytes, public_key: bytes) -> bool:
    """Tell whether ``signature`` (Ed25519) is of these bytes by whoever holds the other half of ``public_key``."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), _KEY, salt=None, info=f"shuangyou {purpose}".encode()).derive(secret)
