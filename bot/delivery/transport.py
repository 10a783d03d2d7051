"""The HTTP under python-telegram-bot: aiohttp, and errors that say whether anything was sent."""

import os
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import BadRequest, NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

# python-telegram-bot warns at every 429 until its durations are asked for as such.
os.environ.setdefault("PTB_TIMEDELTA", "1")

CONNECTIONS = 64
READ_SECONDS = 20.0
CONNECT_SECONDS = 10.0
POOL_SECONDS = 10.0


class NeverSent(NetworkError):
    """Telegram cannot have seen the request: it may be repeated freely."""


class Unanswered(TimedOut):
    """The request went out and no answer came: it may have been carried out or not."""


class AiohttpRequest(BaseRequest):
    """
    Telegram's Bot API over one aiohttp session.

    :raises NeverSent: if no connection was made.
    :raises Unanswered: if one was, and the answer did not come.
    """

    def __init__(self, *, connections: int = CONNECTIONS, read_seconds: float = READ_SECONDS):
        self._connections = connections
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read_seconds

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the transport is not initialized")
        timeout = _timeout(
            read=_seconds(read_timeout, self._read_seconds),
            write=_seconds(write_timeout, 0.0),
            connect=_seconds(connect_timeout, CONNECT_SECONDS),
            pool=_seconds(pool_timeout, POOL_SECONDS),
        )
        # From None throughout: the texts of aiohttp's errors quote the address,
        # and the bot's token is in it.
        try:
            async with self._session.request(
                method, url, data=_form(request_data), timeout=timeout
            ) as response:
                if response.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                    # Otherwise taken for a passing error, and repeated for ever.
                    raise BadRequest("Request Entity Too Large")
                return response.status, await response.read()
        # Tested first: both of these are also errors of the kinds below.
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NeverSent(f"no connection ({type(error).__name__})") from None
        except aiohttp.InvalidURL:
            raise NeverSent("the Bot API's address is none") from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unanswered(f"no answer ({type(error).__name__})") from None


def _seconds(given: Any, default: float) -> float | None:
    return default if given is BaseRequest.DEFAULT_NONE else given


def _timeout(
    *, read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=None,
        connect=None if connect is None or pool is None else connect + pool,
        sock_connect=connect,
        # aiohttp has none for writing: a large file gets that much longer to be answered.
        sock_read=None if read is None else read + (write or 0.0),
    )


def _form(request_data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    # Quoted, a Cyrillic file name would arrive percent-encoded.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, mime_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime_type)
    return form
