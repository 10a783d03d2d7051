"""Refusals of the two HTTP faces."""

from __future__ import annotations


class ApiError(Exception):
    """What the Bot API refuses, with Telegram's own code and words."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


class Mistake(Exception):
    """What the people's side refuses: the request makes no sense."""

    status = 400


class NotSettled(Mistake):
    """Work was still open when the bound of real time was reached."""

    status = 503


class Stuck(Mistake):
    """Something stays due for ever, so that the clock cannot go on."""

    status = 500


def bad_request(words: str, **parameters: int) -> ApiError:
    return ApiError(400, f"Bad Request: {words}", **parameters)


def forbidden(words: str) -> ApiError:
    return ApiError(403, f"Forbidden: {words}")
