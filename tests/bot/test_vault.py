"""What is kept secret opens with its key alone."""

import pytest
from cryptography.fernet import Fernet

from bot.vault import Vault, VaultClosed


def a_vault() -> Vault:
    return Vault(Fernet.generate_key().decode())


class TestVault:
    def test_opens_what_it_locked(self):
        vault = a_vault()
        locked = vault.lock("segredo ção")
        assert "segredo" not in locked
        assert vault.open(locked) == "segredo ção"

    def test_does_not_show_that_two_secrets_are_one(self):
        vault = a_vault()
        assert vault.lock("same") != vault.lock("same")

    def test_does_not_open_what_another_key_locked(self):
        with pytest.raises(VaultClosed):
            a_vault().open(a_vault().lock("x"))

    def test_hashes_to_what_can_be_compared(self):
        assert a_vault().hash("abc") == a_vault().hash("abc")
        assert a_vault().hash("abc").startswith("ba7816bf")
