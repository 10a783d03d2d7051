"""Ids and secrets from the system's source of chance."""

import secrets

# Crockford's base 32: nothing that is read or heard for something else.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_BYTES = 32
OPAQUE_BYTES = 16


class RandomIds:
    """Ids that nobody can guess and people can read out."""

    def short(self, signs: int = 5) -> str:
        """Return that many signs of Crockford's base 32, at least one of them a letter."""
        if signs < 1:
            raise ValueError("an id has at least one sign")
        while True:
            found = "".join(secrets.choice(ALPHABET) for _ in range(signs))
            # All digits would be taken for a place in a list.
            if not found.isdigit():
                return found

    def secret(self) -> str:
        """Return 256 bits for a token, URL-safe."""
        return secrets.token_urlsafe(SECRET_BYTES)

    def opaque(self) -> str:
        """Return 128 bits for a button or a code, URL-safe, 22 signs."""
        return secrets.token_urlsafe(OPAQUE_BYTES)

    def chance(self) -> float:
        """Return a number from 0 up to 1, for faults that come now and then."""
        return secrets.randbelow(2**53) / 2**53
