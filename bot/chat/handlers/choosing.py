"""From the words for instances and partners to which ones: looked up, suggested, asked back."""

from __future__ import annotations

from billing.instances import Instance, State
from billing.partners import Partner, Right
from billing.refusals import NotFound
from billing.services.desk import office, overview
from billing.services.finding import own_partner_id
from bot.chat.cards.card import Card
from bot.chat.cards.plain import did_you_mean, was_deleted
from bot.chat.cards.staff import partner_choice
from bot.chat.turn import Turn
from bot.chat.words import grammar, naming
from bot.chat.words.naming import Known, UnknownName
from bot.chat.words.understanding import folded

LONGEST_PARTNER_NAME = 32


async def known_to(turn: Turn, words: str) -> Known:
    """Return what the speaker's words can name; a deleted instance only by its id."""
    work, partner_id = turn.work, own_partner_id(turn.actor)
    found = await overview.instances_of(work, turn.actor)
    living = {instance.id for instance in found}
    for instance_id in naming.possible_ids(words):
        if instance_id not in living:
            gone = await work.instances.get(partner_id, instance_id)
            found += [gone] if gone else []
    unpaid: frozenset[str] = frozenset()
    if naming.names_filter(words, "unpaid"):
        unpaid = await unpaid_instances(turn)
    shown = await work.conversations.shown_list(turn.heard.chat_id, turn.user_id)
    return Known(found, shown=shown, unpaid=unpaid)


async def unpaid_instances(turn: Turn) -> frozenset[str]:
    """Return the ids of the partner's instances that are on an unpaid invoice."""
    invoices = await turn.work.invoices.unpaid(own_partner_id(turn.actor))
    lines = [line for invoice in invoices for line in await turn.work.invoices.lines(invoice.id)]
    return frozenset(line.instance_id for line in lines)


async def chosen(turn: Turn, command: str, words: str) -> list[str] | Card:
    """
    Return the ids of the instances that are named, or the card that asks what was meant.

    :raises NotUnderstood, NotFound:
    """
    try:
        return naming.instances(words, await known_to(turn, words))
    except UnknownName as unknown:
        return await suggestion(turn, command, unknown)


async def chosen_first(
    turn: Turn, command: str, words: str, *, as_said: bool = False
) -> tuple[str, str] | Card:
    """
    Return the instance that comes first and the words after it, or the card that asks.

    `as_said`: those words with their quotation marks.
    """
    leading = naming.leading_as_said if as_said else naming.leading
    try:
        return leading(words, await known_to(turn, words))
    except UnknownName as unknown:
        return await suggestion(turn, command, unknown)


async def suggestion(turn: Turn, command: str, unknown: UnknownName) -> Card:
    """
    Offer what may have been meant, or say that what is called so was deleted.

    :raises NotFound: nothing comes near; the same for another's instance as for none.
    """
    gone = None if unknown.several else await deleted_as(turn, unknown.wanted)
    if gone is not None:
        return was_deleted(gone)
    if not unknown.near:
        raise NotFound(what="instance", wanted=unknown.wanted[:64])
    texts = [(found.name, f"/{command} {unknown.anew(found.id)}") for found in unknown.near]
    what = "ambiguous" if unknown.several else "instance"
    return did_you_mean(unknown.wanted, texts, what=what)


async def deleted_as(turn: Turn, name: str) -> Instance | None:
    """Return the instance of that name that was deleted last."""
    if not turn.may(Right.VIEW):
        return None
    deleted = await overview.instances_of(turn.work, turn.actor, [State.DELETED])
    so_called = [it for it in deleted if folded(it.name) == folded(name)]
    return max(so_called, key=lambda it: it.deleted_at or turn.work.now, default=None)


async def partner_named(
    turn: Turn, command: str, words: str, *, more: bool = False
) -> tuple[Partner, str] | Card:
    """
    Return the partner that the words begin with, and the rest of them.

    The partner in quotation marks, or as many words as mean exactly one. `more`: something has
    to follow, and is asked for if it does not.

    :raises NotFound:
    """
    tokens = words.split()
    if not tokens:
        return await turn.ask(command)
    if quoted := grammar.quoted(words):
        tries = [quoted]
    else:
        most = min(len(tokens), LONGEST_PARTNER_NAME)
        tries = [
            (" ".join(tokens[:count]), " ".join(tokens[count:])) for count in range(most, 0, -1)
        ]
    for name, after in tries:
        found = list(await office.find_partners(turn.work, turn.actor, name))
        if not found:
            continue
        if len(found) > 1:
            texts = [f"/{command} {partner.id} {after}".strip() for partner in found]
            return partner_choice(name, found, texts)
        if more and not after:
            return await turn.ask(command, {"before": found[0].id}, partner=found[0].name)
        return found[0], after
    raise NotFound(what="partner", wanted=words[:64])
