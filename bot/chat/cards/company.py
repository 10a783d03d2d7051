"""Company data: what there is, and a button to change each."""

from __future__ import annotations

from billing.company import Field
from billing.services.messages import Button
from billing.services.partners.company import Told
from bot.chat.cards.card import Buttons, Card, rows_of


def company(told: Told, *, changed: bool = False) -> Card:
    """Show what stands on the next invoice. `changed`: something was told just now."""
    known = told.company
    fields = [Button(field.value, "company_field", {"field": field.value}) for field in Field]
    steps = [Button("company_steps", "company_steps")] if known.missing else []
    last = [Button("invoices", "invoices"), Button("home", "home")]
    buttons: Buttons = [*([steps] if steps else []), *rows_of(fields, 2), last]
    return Card(
        "company",
        {
            "partner": told.partner.name,
            "changed": changed,
            **{field.value: getattr(known, field.value) for field in Field},
        },
        buttons,
    )


def asking(before: Told, after: Told) -> Card:
    """Ask once before what stands on invoices is replaced, by what."""
    changes = {
        field.value: (getattr(before.company, field.value), getattr(after.company, field.value))
        for field in Field
        if getattr(before.company, field.value) != getattr(after.company, field.value)
    }
    told = {field: new for field, (_, new) in changes.items()}
    yes = Button("confirm", "company_confirm", {"told": told}, once=True)
    rows = [{"field": field, "before": old, "after": new} for field, (old, new) in changes.items()]
    return Card("company_asking", {"changes": rows}, [[yes, Button("back", "company")]])


def skip(field: Field) -> Buttons:
    """Return the button that goes on to the next of the company data."""
    return [[Button("skip", "company_steps", {"after": field.value})]]
