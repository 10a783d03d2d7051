"""Staff about the desk: /bind, /queue, /halt, /resume, /audit, /staff, deletions to see to."""

from __future__ import annotations

from typing import Any

from billing.partners import StaffRole
from billing.refusals import NotFound
from billing.services import finding
from billing.services.access import SHARED_IDS
from billing.services.desk import office, overview, waiting
from billing.services.instances import answered, by_hand, deletion_tasks
from billing.services.messages import Button
from bot.chat.cards import queue as queue_cards
from bot.chat.cards import staff
from bot.chat.cards.card import Card, undo
from bot.chat.cards.plain import bind_hint, said
from bot.chat.commands import Here
from bot.chat.handlers import team
from bot.chat.handlers.booking import desk_zone
from bot.chat.turn import Answer, Turn
from bot.chat.words import grammar
from bot.chat.words.naming import id_of
from bot.chat.words.understanding import WordsMissing


async def bind(turn: Turn, words: str) -> Answer:
    """Bind this group: to the partner of a member who says it, else for the staff."""
    admin = turn.actor.staff is StaffRole.ADMIN
    if not words.strip() and turn.here is Here.FOREIGN_GROUP and not admin:
        return bind_hint(first=not await turn.work.people.groups())
    if turn.actor.partner_id is not None and not turn.heard.private:
        return await team.bind(turn, words.strip())
    new = await office.bind(turn.work, turn.actor, words.strip(), in_group=not turn.heard.private)
    return said("bound", [[Button("queue", "queue"), Button("help", "help")]], again=not new)


async def queue(turn: Turn, words: str) -> Answer:
    """Show what waits."""
    del words
    shown = await waiting.queue(turn.work, turn.actor)
    return queue_cards.queue(shown, zone=await desk_zone(turn))


async def task(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show a deletion that is to be seen to, for the queue."""
    instance = await turn.work.instances.by_id(str(args["instance"]))
    if instance is None:
        raise NotFound(what="instance", wanted=str(args["instance"]))
    await deletion_tasks.show(turn.work, instance)
    facts = await deletion_tasks.told(turn.work, instance)
    buttons = deletion_tasks.buttons_of(instance, facts)
    return Card("staff_delete_task", facts, [*buttons, [Button("queue", "queue")]])


async def task_done(turn: Turn, args: dict[str, Any]) -> Answer:
    """Delete an instance whose trial is over."""
    deleted = await office.deletion_done(turn.work, turn.actor, str(args["instance"]))
    if not turn.on_a_copy:
        return None
    return said("deletion_done", [[Button("queue", "queue")]], id=deleted.id, name=deleted.name)


async def by_hand_task(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show what is to be done at a platform, for the queue."""
    call = await by_hand.the_call(turn.work, str(args["call"]))
    await by_hand.show(turn.work, call)
    facts = await by_hand.told(turn.work, call)
    buttons = by_hand.buttons_of(call, facts)
    return Card("staff_by_hand", facts, [*buttons, [Button("queue", "queue")]])


async def by_hand_done(turn: Turn, args: dict[str, Any]) -> Answer:
    """What a platform has no call for is done there."""
    done = await answered.done_by_hand(turn.work, turn.actor, str(args["call"]))
    if not turn.on_a_copy:
        return None
    return said("by_hand_done", [[Button("queue", "queue")]], id=done.id, name=done.name)


async def halt(turn: Turn, words: str) -> Answer:
    """Hold back every stop and deletion."""
    reason = grammar.reason(words)
    if not reason:
        return await turn.ask("halt")
    await office.halt(turn.work, turn.actor, reason)
    return said("halted", [[undo(turn.actor.cause)]], reason=reason)


async def resume(turn: Turn, words: str) -> Answer:
    """Let stops and deletions go on."""
    del words
    await office.resume(turn.work, turn.actor)
    return said("resumed", [[undo(turn.actor.cause)]])


async def audit(turn: Turn, words: str) -> Answer:
    """Show who did what: all, or about a partner, an instance, an invoice."""
    wanted = (grammar.quoted(words) or (" ".join(words.split()), ""))[0]
    if not wanted:
        return await _history(turn, None, None)
    for spelling in (wanted, wanted.upper(), id_of(wanted)):
        if await overview.audit(turn.work, turn.actor, spelling):
            return await _history(turn, spelling, wanted)
    return await _history_of_named(turn, wanted)


async def audit_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show who did what about one partner."""
    partner = await finding.the_partner(turn.work, str(args["partner"]))
    return await _history(turn, partner.id, partner.name)


async def _history_of_named(turn: Turn, name: str) -> Card:
    """Look a name up among the partners, then among their living instances."""
    partners = await office.find_partners(turn.work, turn.actor, name)
    if len(partners) > 1:
        return staff.partner_choice(name, partners, [f"/audit {it.id}" for it in partners])
    if partners:
        return await _history(turn, partners[0].id, partners[0].name)
    called = [
        (owner, instance)
        for owner in await turn.work.partners.all()
        if (instance := await turn.work.instances.named(owner.id, name)) is not None
    ]
    if len(called) > 1:
        return staff.instance_choice(name, called, "audit")
    return await _history(turn, called[0][1].id if called else name.upper(), name)


async def _history(turn: Turn, wanted: str | None, shown: str | None) -> Card:
    rows = await overview.audit(turn.work, turn.actor, wanted)
    names = await overview.names(turn.work, turn.actor, rows)
    return staff.audit(shown, rows, names, zone=await desk_zone(turn))


async def staff_(turn: Turn, words: str) -> Answer:
    """List colleagues, or give a person a role."""
    if not words.strip():
        return staff.staff_list(await office.colleagues(turn.work, turn.actor))
    wanted = grammar.appointment(words)
    user_id = wanted.user_id
    if wanted.name:
        found = await office.people_called(turn.work, turn.actor, wanted.name)
        if not found:
            raise NotFound(what="person", wanted=wanted.name[:64])
        if len(found) > 1 or found[0][1] is None:
            return staff.person_choice(wanted.name, found, wanted.role)
        user_id = found[0][0].user_id
    elif user_id is None and turn.replied_to is not None:
        user_id = turn.replied_to[0]
    if user_id is None:
        raise WordsMissing(command="staff", missing="person")
    if user_id in SHARED_IDS or user_id == 0:
        raise NotFound(what="person", wanted=str(user_id))
    person = await office.appoint(turn.work, turn.actor, user_id, wanted.role)
    name = person.name if person else ""
    if not name and turn.replied_to is not None and turn.replied_to[0] == user_id:
        name = turn.replied_to[1]
    return said(
        "staff_set", [[undo(turn.actor.cause)]], user_id=user_id, person=name, role=wanted.role
    )
