"""Why a database cannot be used at all; neither tells an address, which may hold a password."""


class UnknownDatabase(ValueError):
    """The address names no engine this version has, or cannot be read."""


class UnusableDatabase(Exception):
    """It cannot be reached, or is not made as it has to be."""
