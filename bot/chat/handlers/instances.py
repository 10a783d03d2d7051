"""/new, /list, /show, /rename."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from billing.instances import Instance, State
from billing.partners import NameRefused, Right, check_may_begin
from billing.services import finding
from billing.services.days import life
from billing.services.desk import overview
from billing.services.instances import creation, customers, progressing
from billing.services.instances.bulk import Row
from billing.services.instances.creation import TooManyTrials
from billing.services.messages import Button
from billing.services.operations import Operation
from billing.tokens import TokenUsedUp
from bot.chat.cards import partner
from bot.chat.cards.card import Card, named, on_page
from bot.chat.cards.plain import did_you_mean, said
from bot.chat.handlers import bulk, card_payments
from bot.chat.handlers.choosing import chosen, chosen_first, deleted_as, known_to, unpaid_instances
from bot.chat.turn import Answer, Turn
from bot.chat.words import bulk as bulk_words
from bot.chat.words import filters, grammar, naming
from bot.chat.words.naming import NoSuchFilter
from bot.chat.words.understanding import folded

MOST_OFFERED = 8


async def new(turn: Turn, words: str) -> Answer:
    """Create instances of these names, or ask for names."""
    if bulk_words.is_table(words):
        return await bulk.new(turn, [_checked(row) for row in _rows(turn, words)])
    given = grammar.names(words)
    if len(given) > bulk.MOST_UNASKED:
        asked = await bulk.new(turn, [_checked(Row(name)) for name in given])
        # Free, and as it was said: it is asked about only where something would be left out.
        if asked.facts["refused"] or len(given) > creation.MOST_AT_ONCE:
            return asked
    names = [_allowed(name) for name in given]
    if not names:
        return await new_pressed(turn, {})
    for place, name in enumerate(names):
        if folded(name) in {folded(other) for other in names[:place]}:
            raise NameRefused(why="twice", name=name)
    try:
        async with turn.work.savepoint():
            await creation.create(turn.work, turn.actor, names, message_key=turn.key)
    except (TokenUsedUp, TooManyTrials):
        # Of several, those for which there is room can still be made: asked as of a long list.
        asked = await bulk.new(turn, [Row(name) for name in names])
        if not asked.facts["count"]:
            raise
        return asked
    return await progressing.progress(
        turn.work,
        turn.key,
        turn.heard.chat_id,
        Operation.CREATE,
        reader=turn.user_id,
    )


def _rows(turn: Turn, words: str) -> list[Row]:
    return bulk_words.rows(words, language=turn.language)


def _checked(row: Row) -> Row:
    try:
        return replace(row, name=_allowed(row.name))
    except NameRefused as refused:
        return replace(row, unread=row.unread or refused)


def _allowed(name: str) -> str:
    """
    Return a name that stands for no filter in any language.

    :raises NameRefused:
    """
    if filters.filter_named(name) is not None:
        raise NameRefused(why="filter", name=" ".join(name.split()))
    return name


async def new_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for names; where nothing may begin, refuse before anybody thinks of some."""
    del args
    check_may_begin(await finding.own_partner(turn.work, turn.actor))
    return await turn.ask("new")


async def list_(turn: Turn, words: str) -> Answer:
    """List instances, all or those of a filter; a number after that is the page."""
    name, page = filters.with_page(words)
    chosen_filter = filters.list_filter_named(name) if name else "all"
    if chosen_filter is None:
        raise NoSuchFilter(wanted=words.strip()[:64])
    return await listed(turn, {"filter": chosen_filter, "page": page})


async def listed(turn: Turn, args: dict[str, Any]) -> Card:
    """Show a page of the list; its numbers can be named from then on."""
    chosen_filter, page = str(args.get("filter", "all")), int(args.get("page", 1))
    owner = await finding.own_partner(turn.work, turn.actor)
    every = await overview.instances_of(turn.work, turn.actor)
    unpaid = await unpaid_instances(turn)
    by_filter: dict[str, list[Instance]] = {"all": every}
    for instance in every:
        by_filter.setdefault(instance.state, []).append(instance)
        if instance.id in unpaid:
            by_filter.setdefault("unpaid", []).append(instance)
    found = by_filter.get(chosen_filter, [])
    ids = [instance.id for instance in found]
    await turn.work.conversations.show_list(turn.heard.chat_id, turn.user_id, ids)
    _, _, shown = on_page(found, page, partner.PER_PAGE)
    return partner.listing(
        found,
        owner,
        chosen=chosen_filter,
        page=page,
        zone=await turn.zone(),
        others=by_filter.keys() - {chosen_filter},
        unpaid_stopped=len(by_filter.get(State.OVERDUE, [])),
        deleted=(await turn.work.instances.counts(owner.id)).get(State.DELETED, 0),
        operator=turn.may(Right.OPERATE),
        customers_of=await customers.names(turn.work, turn.actor),
        links=await overview.links_of(turn.work, turn.actor, shown),
    )


async def show(turn: Turn, words: str) -> Answer:
    """Show one instance."""
    if not words.strip():
        return await which(turn, "show")
    gone = await _gone(turn, words)
    if gone is not None:
        return await shown(turn, {"instance": gone.id})
    found = await chosen(turn, "show", words)
    if isinstance(found, Card):
        return found
    if len(found) > 1:
        return await _which_of(turn, words, found[:MOST_OFFERED])
    return await shown(turn, {"instance": found[0]})


async def _gone(turn: Turn, words: str) -> Instance | None:
    """Return the instance of that name that was deleted last, if none that lives is meant."""
    if not turn.may(Right.VIEW) or naming.understood(words, await known_to(turn, words)):
        return None
    return await deleted_as(turn, words)


async def _which_of(turn: Turn, words: str, ids: list[str]) -> Card:
    partner_id = finding.own_partner_id(turn.actor)
    several = [await finding.the_instance(turn.work, partner_id, found) for found in ids]
    return did_you_mean(words, [(it.name, f"/show {it.id}") for it in several], what="ambiguous")


async def shown(turn: Turn, args: dict[str, Any]) -> Card:
    """Show one instance by its id."""
    card = await overview.instance_card(turn.work, turn.actor, str(args["instance"]))
    members = await turn.work.people.members(card.partner.id)
    shown = partner.instance(
        card,
        {member.user_id for member in members},
        operator=turn.may(Right.OPERATE),
        returning=await life.returning(turn.work, card.instance),
    )
    return await card_payments.on_instance(turn, card.instance, shown)


async def rename(turn: Turn, words: str) -> Answer:
    """Rename an instance, or ask which, or how."""
    if not words.strip():
        return await which(turn, "rename")
    found = await chosen_first(turn, "rename", words)
    if isinstance(found, Card):
        return found
    instance_id, name = found
    if not name:
        return await rename_pressed(turn, {"instance": instance_id})
    return await _renamed(turn, instance_id, name)


async def rename_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for the new name."""
    card = await overview.instance_card(turn.work, turn.actor, str(args["instance"]))
    return await turn.ask("rename_to", {"instance": card.instance.id}, name=card.instance.name)


async def rename_to(turn: Turn, args: dict[str, Any], words: str) -> Answer:
    """Give the name that was asked for."""
    return await _renamed(turn, str(args["instance"]), words)


async def _renamed(turn: Turn, instance_id: str, name: str) -> Card:
    partner_id = finding.own_partner_id(turn.actor)
    before = await finding.the_instance(turn.work, partner_id, instance_id)
    after = await creation.rename(turn.work, turn.actor, instance_id, _allowed(name))
    buttons = [[Button("show", "show", {"instance": after.id}), Button("list", "list")]]
    return said("renamed", buttons, id=after.id, before=before.name, name=after.name)


async def which(turn: Turn, command: str, states: frozenset[State] | None = None) -> Card:
    """Ask which instance a command is meant for, and offer the first of those it fits."""
    found = await overview.instances_of(turn.work, turn.actor, states)
    offered = [[named(it.name, "say", text=f"/{command} {it.id}")] for it in found[:MOST_OFFERED]]
    return await turn.ask(command, None, offered, count=len(found))
