"""
What waits for staff: a list of kinds, each of which says what of it waits, oldest first.

A kind that joins has a function here, words in `bot/chat/replies/waiting.py`, and cards of its own.
Claims are in the table of `desk/claiming.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from billing.partners import Right
from billing.programmes import AfterTrial
from billing.services import claimed, finding
from billing.services.access import requires
from billing.services.cards import quarantine
from billing.services.facts import Facts
from billing.services.halting import HALTED
from billing.services.instances import by_hand, deletion_tasks
from billing.services.messages import Button
from billing.services.partners import application_cards, token_requests
from billing.services.payments import receipt_cards, second
from billing.services.people import Actor
from billing.services.platforms import cards as comparison_cards
from billing.services.ports import Receipt, Work
from billing.services.support import cards as support_cards

# So much of a message is shown in the queue.
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Waits:
    """
    One thing that waits since an instant.

    `facts` are what a row of the queue says of it, `opens` the button that shows its card; `by` is
    until when it was promised, `claimed_by` who sees to it.
    """

    since: datetime
    facts: Facts
    opens: Button | None = None
    by: datetime | None = None
    claimed_by: str | None = None


Look = Callable[[Work], Awaitable[list[Waits]]]


@dataclass(frozen=True, slots=True)
class Queue:
    """All that waits, by kind in the order of `KINDS`; why stops and deletions are halted."""

    halted: str | None
    kinds: dict[str, list[Waits]]


@requires(Right.SERVE)
async def queue(work: Work, actor: Actor) -> Queue:
    """Return all that waits for staff."""
    del actor
    return await look(work)


async def look(work: Work) -> Queue:
    """Return all that waits for staff, for whoever is told of it unasked."""
    return Queue(
        halted=await work.state.get(HALTED),
        kinds={kind: await found(work) for kind, found in KINDS.items()},
    )


async def _day_requests(work: Work) -> list[Waits]:
    """Requests for days, the one promised first leading."""
    found = []
    for request in await work.days.waiting():
        partner = await finding.the_partner(work, request.partner_id)
        facts = {
            "id": request.id,
            "partner": partner.name,
            "days": request.days,
            "channels": request.channels,
        }
        told_apart = {"days": request.days, "since": request.requested_at.isoformat()}
        opens = Button(
            "day_request",
            "day_request",
            {"request": request.id, "partner": partner.name, **told_apart},
        )
        by = await claimed.name_of(work, request.claimed_by)
        found.append(Waits(request.requested_at, facts, opens, request.promised_by, by))
    return found


async def _approvals(work: Work) -> list[Waits]:
    """Money that waits for a second person."""
    found = []
    for approval in await work.approvals.waiting():
        facts = await second.told(work, approval)
        opens = _named(facts["partner"], "approval", approval=approval.id)
        found.append(Waits(approval.asked_at, facts, opens))
    return found


async def _applications(work: Work) -> list[Waits]:
    found = []
    for item in await work.people.waiting_applications():
        claim = await claimed.told(work, application_cards.KIND, item.id)
        facts = {"id": item.id, "company": item.company}
        opens = _named(item.company, "application", application=item.id)
        found.append(Waits(item.created_at, facts, opens, claimed_by=claim["claimed_by"]))
    return found


async def _token_requests(work: Work) -> list[Waits]:
    found = []
    for item in await work.tokens.requests():
        partner = await finding.the_partner(work, item.partner_id)
        claim = await claimed.told(work, token_requests.KIND, partner.id)
        tier = finding.programme_of(work, partner).tier(item.tier)
        facts = {"partner": partner.name, "tier_name": tier.name}
        opens = _named(partner.name, "partner", partner=partner.id)
        found.append(Waits(item.created_at, facts, opens, claimed_by=claim["claimed_by"]))
    return found


async def _deletions(work: Work) -> list[Waits]:
    """Deletions that a programme leaves to people; the others come by themselves."""
    by_hand = [
        (programme.id, programme.version)
        for programme in work.programmes.all()
        if programme.trial.afterwards is AfterTrial.STAFF_TASK
    ]
    found = []
    for instance in await work.instances.stopped(by_hand):
        partner = await finding.the_partner(work, instance.partner_id)
        claim = await claimed.told(work, deletion_tasks.KIND, instance.id)
        facts = {"id": instance.id, "name": instance.name, "partner": partner.name}
        opens = _named(instance.name, "task", instance=instance.id)
        since = instance.stopped_at or instance.created_at
        found.append(Waits(since, facts, opens, claimed_by=claim["claimed_by"]))
    return found


async def _messages(work: Work) -> list[Waits]:
    """What partners wrote and nobody has answered."""
    found = []
    for message in await work.support.waiting():
        shown = await support_cards.told(work, message)
        text = shown["text"] if shown["text"] or message.file is None else "📎"
        facts = {
            "partner": shown["partner"],
            "person": shown["person"],
            "text": " ".join(text.split())[:LONGEST],
        }
        opens = _named(shown["partner"], "support_card", support=message.id)
        found.append(Waits(message.said_at, facts, opens, claimed_by=shown["claimed_by"]))
    return found


async def _receipts(work: Work) -> list[Waits]:
    """Proofs of payment that nobody has looked at, those on one card together."""
    cards: dict[str, list[Receipt]] = {}
    for receipt in await work.receipts.waiting():
        cards.setdefault(receipt.card, []).append(receipt)
    found = []
    for receipt, *more in cards.values():
        shown = await receipt_cards.told(work, receipt)
        facts = {name: shown[name] for name in ("partner", "number", "owed")}
        facts["proofs"] = 1 + len(more)
        which = f"📎 {shown['partner']} · {shown['number']}"
        opens = _named(which, "receipt", receipt=receipt.card)
        found.append(Waits(receipt.sent_at, facts, opens, claimed_by=shown["claimed_by"]))
    return found


async def _by_hand(work: Work) -> list[Waits]:
    """What a platform has no call for: a person does it there."""
    found = []
    for call in await work.calls.by_hand():
        shown = await by_hand.told(work, call)
        facts = {
            "operation": call.operation,
            "platform": shown["platform"],
            "id": shown["instance"],
            "name": shown["name"],
            "partner": shown["partner"],
        }
        opens = _named(f"🛠 {shown['name']}", "by_hand", call=call.id)
        since = call.by_hand_since or call.created_at
        found.append(Waits(since, facts, opens, claimed_by=shown["claimed_by"]))
    return found


async def _stripe(work: Work) -> list[Waits]:
    """What Stripe told that does not agree with what was ordered."""
    found = []
    for stored in await work.stripe_events.quarantined():
        facts = await quarantine.told(work, stored)
        opens = _named(facts["partner"] or stored.event.id, "stripe_event", event=stored.event.id)
        found.append(Waits(stored.received_at, facts, opens))
    return found


async def _calls(work: Work) -> list[Waits]:
    """Calls that the platform was asked three times."""
    found = []
    for call in await work.calls.failing():
        partner = await finding.the_partner(work, call.partner_id)
        facts = {
            "operation": call.operation,
            "instance": call.instance_id,
            "partner": partner.name,
            "attempts": call.attempts,
            "error": call.error,
        }
        found.append(Waits(call.created_at, facts))
    return found


async def _differences(work: Work) -> list[Waits]:
    """What differs at the messaging platforms, a row for each of them."""
    found = []
    for compared in await work.comparisons.all():
        platform = compared.platform
        since = await work.differences.oldest(platform)
        if since is None:
            continue
        claim = await claimed.told(work, comparison_cards.KIND, platform)
        facts = {"platform": platform, "count": await work.differences.count(platform)}
        opens = _named(f"🔍 {platform}", "comparison", platform=platform)
        found.append(Waits(since, facts, opens, claimed_by=claim["claimed_by"]))
    return sorted(found, key=lambda one: one.since)


def _named(name: str, action: str, **args: object) -> Button:
    return Button("named", action, {"name": name, **args})


KINDS: dict[str, Look] = {
    "day_requests": _day_requests,
    "approvals": _approvals,
    "receipts": _receipts,
    "stripe": _stripe,
    "applications": _applications,
    "token_requests": _token_requests,
    "deletions": _deletions,
    "messages": _messages,
    "by_hand": _by_hand,
    "calls": _calls,
    "differences": _differences,
}
