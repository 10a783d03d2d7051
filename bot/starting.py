"""What keeps the bot from starting."""


class StartRefused(Exception):
    """Why it does not start, in a sentence that names the setting; never a secret's value."""
