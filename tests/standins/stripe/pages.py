"""The pages that a person sees: Checkout's and the customer portal's."""

from __future__ import annotations

from html import escape

from tests.standins.stripe.books import Books
from tests.standins.stripe.forms import Json

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>
<style>body{{font:17px/1.5 system-ui,sans-serif;max-width:26em;margin:3em auto;padding:0 1em}}
button{{font:inherit;display:block;width:100%;padding:.7em;margin:.5em 0}}</style>
<h1>{title}</h1>{body}</html>"""


def _page(title: str, *paragraphs: str, buttons: dict[str, str], back: str | None) -> str:
    body = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    if buttons:
        shown = (
            f'<button name="do" value="{escape(value)}">{escape(label)}</button>'
            for value, label in buttons.items()
        )
        body += f'<form method="post">{"".join(shown)}</form>'
    if back:
        body += f'<p><a href="{escape(back)}">Back</a></p>'
    return _PAGE.format(title=escape(title), body=body)


def session(one: Json, said: str = "") -> str:
    """Show what is to be paid, and the ways it can go."""
    price = one["_price"]
    amount = f"{one['amount_total'] / 100:.2f} {one['currency'].upper()}"
    if price["recurring"]:
        every = price["recurring"]
        amount += f" every {every['interval_count']} {every['interval']}(s)"
    buttons = {
        "pay": "Pay",
        "declined": "Pay with a card that is declined",
        "last": "Pay with a card that will be declined from the next time on",
    }
    if one["status"] != "open":
        buttons, said = {}, f"This page is {one['status']}."
    title = price["product"]["name"]
    return _page(title, amount, said, buttons=buttons, back=one["cancel_url"])


def portal(books: Books, one: Json) -> str:
    """Show a customer's subscriptions, and whether its card is good."""
    lines = [
        f"{sub['items']['data'][0]['price']['product']['name']}: {sub['status']}"
        + (", ends with its period" if sub["cancel_at_period_end"] else "")
        for sub in books.all("subscription", lambda sub: sub["customer"] == one["customer"])
    ]
    good = one["customer"] not in books.declined
    buttons = {"bad": "Give a card that is declined"} if good else {"good": "Give a good card"}
    return _page("Your subscriptions", *lines, buttons=buttons, back=one["return_url"])
