"""The pages to which Stripe's Checkout sends who has paid, and who left."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

PAID, LEFT = "/stripe/paid", "/stripe/left"

_PAGE = """<!doctype html><html lang="{tongue}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title><style>:root{{color-scheme:light dark}}
body{{font:18px/1.5 system-ui,sans-serif;max-width:24em;margin:20vh auto;padding:0 1em}}
</style></head><body><h1>{title}</h1><p>{back}</p></body></html>"""

_BACK = {
    "en": "You can go back to Telegram: the bot tells you how it went.",
    "pt-BR": "Pode voltar para o Telegram: o bot conta como ficou.",
    "es": "Puedes volver a Telegram: el bot te cuenta cómo quedó.",
    "ru": "Можно вернуться в Telegram: бот расскажет, что получилось.",
}
_THANKS = {"en": "Thank you", "pt-BR": "Obrigado", "es": "Gracias", "ru": "Спасибо"}
_NOTHING = {
    "en": "Nothing was paid",
    "pt-BR": "Nada foi pago",
    "es": "No se pagó nada",
    "ru": "Ничего не оплачено",
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def routes() -> list[Route]:
    """Return the routes to mount."""
    return [_page(PAID, _THANKS), _page(LEFT, _NOTHING)]


def _page(path: str, titles: Mapping[str, str]) -> Route:
    async def show(request: Request) -> HTMLResponse:
        # Who comes is a browser, not a partner: it alone knows the language here.
        wanted = request.headers.get("accept-language", "")[:2].lower()
        tongue = next((one for one in _BACK if one[:2] == wanted), "en")
        page = _PAGE.format(tongue=tongue, title=titles[tongue], back=_BACK[tongue])
        return HTMLResponse(page, headers=_HEADERS)

    return Route(path, show, methods=["GET"])
