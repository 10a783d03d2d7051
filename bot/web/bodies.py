"""What comes in a request, and how much of it is read."""

from starlette.requests import Request


class BodyTooLarge(Exception):
    """The request's body is larger than anything that is waited for."""


async def read(request: Request, *, most: int) -> bytes:
    """
    Return the body as it came.

    :raises BodyTooLarge: if it has more than `most` bytes; no more of it is read.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise BodyTooLarge
    return bytes(body)
