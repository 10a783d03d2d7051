"""
The message that shows how a payment by card goes, said anew as it goes on.

Facts of `card_payment`: {kind (subscription, invoice), step (asked, open, paid, over, refused),
what: the instance's name or the invoice's number, interval, amount, until, why, instance}; of
`card_portal`: {step (asked, open, refused), why}; of `card_ending`: {step (asked, done, refused),
on, id, name, until, why}. The address of Stripe's page is on a button.
"""

from __future__ import annotations

from dataclasses import replace

from billing.cards import CardSubscription
from billing.services.facts import Facts
from billing.services.messages import Button
from billing.services.ports import CardSession, SessionKind, SessionStep, Work


async def facts_of(work: Work, session: CardSession, *, why: str | None = None) -> Facts:
    """Return what is shown of a session."""
    subscription: CardSubscription | None = None
    instance = invoice = None
    if session.kind is SessionKind.SUBSCRIPTION:
        subscription = await work.card_subscriptions.get(session.subject)
        assert subscription is not None, "its session was asked for with it"
        instance = await work.instances.by_id(subscription.instance_id)
    else:
        invoice = await work.invoices.by_id(session.subject)
    gone = session.state in {SessionStep.ASKED, SessionStep.OPEN} and not session.wanted
    step = SessionStep.OVER if gone else session.state
    return {
        "kind": session.kind,
        "step": "refused" if why else step,
        "what": instance.name if instance else invoice.number if invoice else "",
        "interval": subscription.interval if subscription else None,
        "amount": session.amount,
        "until": subscription.period_ends_at if subscription else None,
        "instance": instance.id if instance else None,
        "why": why,
    }


def buttons_of(session: CardSession, facts: Facts) -> list[list[Button]]:
    """Return the way to Stripe's page, and back to what is paid there."""
    if facts["kind"] == SessionKind.SUBSCRIPTION:
        onward = Button("show", "show", {"instance": facts["instance"]})
    else:
        onward = Button("invoice", "invoice", {"number": facts["what"]})
    last = [onward, Button("home", "home")]
    if facts["step"] == SessionStep.OPEN and session.url is not None:
        return [[Button("open_payment", "open_page", {"url": session.url})], last]
    return [last]


async def session(work: Work, shown: CardSession, *, why: str | None = None) -> None:
    """Say the message of a session anew, if it has one."""
    before = await work.messages.get(shown.card_key or "")
    if before is None or before.kind != "card_payment":
        return
    facts = await facts_of(work, shown, why=why)
    buttons = buttons_of(shown, facts)
    if "on_behalf" in before.facts:
        # Who acted for the partner reads it, and does not pay for it.
        facts, buttons = {**facts, "on_behalf": before.facts["on_behalf"]}, []
    await work.messages.say(replace(before, facts=facts, buttons=buttons), at=work.now)


async def portal(
    work: Work, message_key: str | None, *, url: str | None = None, why: str | None = None
) -> None:
    """Say the message that promised the customer's own page anew."""
    before = None if message_key is None else await work.messages.get(message_key)
    if before is None or before.kind != "card_portal":
        return
    step = "refused" if why else "open"
    rows = [[Button("open_portal", "open_page", {"url": url})]] if url else []
    buttons = [*rows, [Button("list", "list"), Button("home", "home")]]
    facts = {"step": step, "why": why}
    await work.messages.say(replace(before, facts=facts, buttons=buttons), at=work.now)


async def ending(work: Work, message_key: str | None, *, why: str | None = None) -> None:
    """Say the message that asked for a subscription's end, or for none, anew: it is so."""
    before = None if message_key is None else await work.messages.get(message_key)
    if before is None or before.kind != "card_ending":
        return
    facts = {**before.facts, "step": "refused" if why else "done", "why": why}
    # Who acted for the partner reads it, and goes on with /as.
    buttons = [] if "on_behalf" in facts else _back_from_ending(facts)
    await work.messages.say(replace(before, facts=facts, buttons=buttons), at=work.now)


def _back_from_ending(facts: Facts) -> list[list[Button]]:
    """Return what takes back what was done, and the ways on."""
    ends = facts["on"] if facts["step"] == "done" else not facts["on"]
    first = (
        Button("keep", "keep", {"instances": [facts["id"]]})
        if ends
        else Button("cancel_instance", "card_cancel", {"instance": facts["id"]})
    )
    return [[first], [Button("show", "show", {"instance": facts["id"]}), Button("home", "home")]]
