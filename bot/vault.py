"""Secrets at rest: encrypted where they are used again, hashed where they are only compared."""

import hashlib

from cryptography.fernet import Fernet, InvalidToken


class VaultClosed(Exception):
    """A ciphertext does not open: the key is another one, or the text was changed."""


class Vault:
    """Fernet under one key (32 bytes, URL-safe base 64)."""

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(key)

    def lock(self, secret: str) -> str:
        """Encrypt; the same secret twice gives two ciphertexts."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, ciphertext: str) -> str:
        """
        Decrypt.

        :raises VaultClosed: if it was not locked with this key.
        """
        try:
            return self._fernet.decrypt(ciphertext.encode()).decode()
        except InvalidToken:
            raise VaultClosed("a stored secret does not open with this key") from None

    def hash(self, secret: str) -> str:
        """Return the SHA-256 in hex: enough for what was made of 128 bits of chance or more."""
        return hashlib.sha256(secret.encode()).hexdigest()
