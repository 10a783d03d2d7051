"""The Bot API's HTTP face: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import logging
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.cutting import HangUp
from bot.sandbox.errors import ApiError, forbidden
from bot.sandbox.exchange import TOKEN, Exchange
from bot.sandbox.faults import Fault
from bot.sandbox.limits import too_many
from bot.sandbox.methods import chats, copying, editing, profile, receiving, sending
from bot.sandbox.methods.receiving import Polls
from bot.sandbox.parameters import Parameters, read_parameters

METHODS = {
    **receiving.METHODS,
    **sending.METHODS,
    **copying.METHODS,
    **editing.METHODS,
    **chats.METHODS,
    **profile.METHODS,
}
FAULT_RETRY_AFTER_SECONDS = 3

log = logging.getLogger(__name__)


class BotApi:
    """Reads a call, lets it suffer the fault that was ordered for it, and answers."""

    def __init__(self, exchange: Exchange, polls: Polls) -> None:
        self._exchange, self._polls = exchange, polls

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/bot{token}/{method}", self.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.download),
        ]

    async def call(self, request: Request) -> Response:
        try:
            return await self._call(request)
        except ApiError as refusal:
            return _refused(refusal)
        except Exception:
            log.exception("the sandbox's Bot API failed")
            return _refused(ApiError(500, "Internal Server Error"))
        finally:
            self._exchange.happenings.mark()

    async def _call(self, request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            raise ApiError(401, "Unauthorized")
        method = request.path_params["method"].lower()
        if method != "getupdates" and method not in METHODS:
            raise ApiError(404, "Not Found: method not found")
        parameters = await read_parameters(request)
        fault = self._exchange.faults.take(method, parameters.text("chat_id"))
        if fault is not None and fault.kind == "timeout_before":
            return HangUp()
        if fault is not None and fault.kind != "timeout_after":
            raise self._suffer(fault, parameters)
        try:
            result = await self._run(method, parameters, request)
        except ApiError:
            if fault is None:
                raise
            return HangUp()
        return JSONResponse({"ok": True, "result": result}) if fault is None else HangUp()

    async def _run(self, method: str, parameters: Parameters, request: Request) -> Any:
        if method == "getupdates":
            return await self._polls.get_updates(self._exchange, parameters, request.receive)
        return await METHODS[method](self._exchange, parameters)

    def _suffer(self, fault: Fault, parameters: Parameters) -> ApiError:
        if fault.kind == "429":
            return too_many(FAULT_RETRY_AFTER_SECONDS)
        if fault.kind == "500":
            return ApiError(500, "Internal Server Error")
        group = parameters.text("chat_id").startswith("-")
        words = (
            "bot was kicked from the supergroup chat" if group else "bot was blocked by the user"
        )
        return forbidden(words)

    async def download(self, request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            return _refused(ApiError(401, "Unauthorized"))
        found = self._exchange.files.find_at(request.path_params["path"])
        if found is None:
            return _refused(ApiError(404, "Not Found"))
        attachment, content = found
        return Response(content, media_type=attachment.mime_type)


def _refused(refusal: ApiError) -> JSONResponse:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": refusal.code,
        "description": refusal.description,
    }
    headers = {}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    if "retry_after" in refusal.parameters:
        headers["Retry-After"] = str(refusal.parameters["retry_after"])
    return JSONResponse(body, status_code=refusal.code, headers=headers)
