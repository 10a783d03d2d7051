"""
Connecting an instance's number: QR codes, renewed while they are awaited, or a code for a number.

Whoever carries the calls asks the platform and posts its answer here; one message shows how far it
is, edited in place. What is shown is kept among the secrets, and only while it is of use. The
command is /pair.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from billing import instances
from billing.instances import RUNNING, Instance
from billing.partners import Right
from billing.services import finding
from billing.services.access import requires
from billing.services.instances.progressing import PATIENCE
from billing.services.messages import Button, Message
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.platforms import links
from billing.services.ports import Call, Due, Pairing, PairingState, Work
from billing.services.ports.platforms import Offer

LOOK = "pair_look"
# Whether it is connected is looked at so often; the platforms do not tell.
EVERY = timedelta(seconds=10)
LONGEST = timedelta(minutes=5)
# So many that nobody used, and platforms want a pause.
MOST_PICTURES, MOST_CODES = 3, 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the platform is asked: for something to be shown, else only whether it is connected."""

    offer: bool
    phone: str | None


def secret_key(message_key: str) -> str:
    """Return under which key what is shown is among the secrets."""
    return f"pairing:{message_key}"


@requires(Right.OPERATE)
async def begin(
    work: Work, actor: Actor, instance_id: str, phone: str | None, *, chat_id: int, message_key: str
) -> Message:
    """
    Ask the platform how the number of an instance is connected; return the message that shows it.

    `phone` are the digits of the number that gets a code, else it is a QR code.

    :raises NotFound:
    :raises NotInThisState: it does not run.
    """
    partner_id = finding.own_partner_id(actor)
    instance = await finding.the_instance(work, partner_id, instance_id)
    instances.expect(instance, "pair", *RUNNING)
    assert actor.user_id is not None, "nobody else has that right"
    begun = Pairing(
        message_key=message_key,
        instance_id=instance.id,
        partner_id=partner_id,
        chat_id=chat_id,
        user_id=actor.user_id,
        phone=phone,
        begun_at=work.now,
    )
    await work.pairings.begin(begun)
    await work.audit.record(
        actor, "pair", at=work.now, kind="link", object_id=instance.id, partner_id=partner_id
    )
    await _ask(work, begun)
    # Mostly the platform answers at once, and one message says it all.
    return replace(_message(begun, instance), not_before=work.now + PATIENCE)


async def asked(work: Work, call: Call) -> Wanted | None:
    """Count the attempt and return what the platform is asked; None: nobody waits any more."""
    await work.calls.started(call.id)
    known = await _awaited(work, call)
    if known is None:
        await work.calls.close(call.id, "void", error=None, at=work.now)
        return None
    over = known.until is None or known.until <= work.now
    return Wanted(over and known.shown < _most(known), known.phone)


async def answered(work: Work, call: Call, offer: Offer) -> None:
    """Post what the platform offers, or that the number is connected."""
    if not await work.calls.close(call.id, "done", error=None, at=work.now):
        return
    known = await _awaited(work, call)
    if offer.connected:
        await links.connected_now(work, call.instance_id)
    if known is None:
        return
    if offer.connected:
        await _end(work, known, PairingState.CONNECTED)
    elif offer.shown:
        await _show(work, known, offer)
    elif _given_up(known, work.now):
        await _end(work, known, PairingState.OVER)
    else:
        await _plan(work, known)


async def silent(work: Work, call: Call, why: str) -> None:
    """The platform does not answer: it is asked again with the next look, and holds up nothing."""
    await work.calls.close(call.id, "void", error=why, at=work.now)
    known = await _awaited(work, call)
    if known is None:
        return
    if _given_up(known, work.now):
        await _end(work, known, PairingState.OVER)
    else:
        await _plan(work, known)


async def refused(work: Work, call: Call, why: str) -> None:
    """The platform says no."""
    await work.calls.close(call.id, "refused", error=why, at=work.now)
    known = await _awaited(work, call)
    if known is not None:
        await _end(work, known, PairingState.REFUSED)


async def look(work: Work, actor: Actor, due: Due) -> None:
    """Ask again, as long as somebody waits and the instance runs."""
    del actor
    known = await work.pairings.get(due.subject)
    if known is None or known.state is not PairingState.AWAITED:
        return
    instance = await work.instances.by_id(known.instance_id)
    assert instance is not None, "an instance is never removed"
    if instance.state not in RUNNING or work.now >= known.begun_at + LONGEST:
        await _end(work, known, PairingState.OVER)
    else:
        await _ask(work, known)


async def _awaited(work: Work, call: Call) -> Pairing | None:
    assert call.message_key is not None, "it shows something"
    known = await work.pairings.get(call.message_key)
    return known if known is not None and known.state is PairingState.AWAITED else None


def _most(known: Pairing) -> int:
    return MOST_CODES if known.phone else MOST_PICTURES


def _given_up(known: Pairing, now: datetime) -> bool:
    """Whether the last one that may be shown is of no use any more."""
    return known.shown >= _most(known) and known.until is not None and known.until <= now


async def _ask(work: Work, known: Pairing) -> None:
    await work.calls.promise(
        Call(
            id=work.ids.opaque(),
            instance_id=known.instance_id,
            partner_id=known.partner_id,
            operation=Operation.PAIR,
            message_key=known.message_key,
            attempts=0,
            created_at=work.now,
            not_before=work.now,
        )
    )


async def _plan(work: Work, known: Pairing) -> None:
    at = work.now + EVERY
    if known.until is not None and known.until > work.now:
        at = min(at, known.until)
    # Each look is a row of its own: one that is done never comes again.
    key = f"{LOOK}:{known.message_key}:{work.ids.opaque()}"
    await work.due.plan(Due(key, LOOK, known.message_key, known.partner_id, at))


async def _show(work: Work, known: Pairing, offer: Offer) -> None:
    shown = replace(known, shown=known.shown + 1, until=work.now + offer.lasts)
    await work.pairings.save(shown)
    await work.tokens.keep_secret(
        secret_key(known.message_key),
        known.partner_id,
        work.vault.lock(offer.shown),
        at=work.now,
    )
    await _say(work, shown)
    await _plan(work, shown)


async def _end(work: Work, known: Pairing, state: PairingState) -> None:
    over = replace(known, state=state, phone=None)
    await work.pairings.save(over)
    await work.tokens.forget_secret(secret_key(known.message_key))
    await _say(work, over, by_code=known.phone is not None)


async def _say(work: Work, known: Pairing, *, by_code: bool = False) -> None:
    instance = await work.instances.by_id(known.instance_id)
    assert instance is not None, "an instance is never removed"
    message = _message(known, instance, by_code=by_code)
    await work.messages.say(message, at=work.now)


def _message(known: Pairing, instance: Instance, *, by_code: bool = False) -> Message:
    code = by_code or known.phone is not None
    facts: dict[str, object] = {
        "id": instance.id,
        "name": instance.name,
        "state": known.state,
        "by": "code" if code else "qr",
        "nth": known.shown,
        "most": MOST_CODES if code else MOST_PICTURES,
        "until": known.until,
    }
    if known.shown and known.state is PairingState.AWAITED:
        facts["keys"] = [secret_key(known.message_key)]
    if known.shown and not code:
        # A picture stands there by now, and only a picture can take its place.
        picture = "pair_qr" if known.state is PairingState.AWAITED else f"pair_{known.state}"
        facts["document"] = {"what": picture, "nth": known.shown}
    return Message(
        key=known.message_key,
        chat_id=known.chat_id,
        kind="pairing",
        facts=facts,
        buttons=_buttons(known),
        reader=known.user_id,
    )


def _buttons(known: Pairing) -> list[list[Button]]:
    one = {"instance": known.instance_id}
    show = Button("show", "show", one)
    if known.state in {PairingState.OVER, PairingState.REFUSED}:
        return [[Button("pair_again", "pair", one), show]]
    return [[show]]
