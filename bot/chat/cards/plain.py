"""Greetings, questions, short confirmations, help: what is about nobody's money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from billing.instances import Instance
from billing.services.messages import Button
from billing.services.partners import application_cards
from billing.services.people import Application
from bot.chat.cards.card import Buttons, Card, named, rows_of

HOME = [Button("home", "home")]


def greeting(*, applied: bool) -> Card:
    """Greet a stranger. `applied`: an application waits for the staff."""
    first = "apply_edit" if applied else "apply"
    return Card(
        "greeting",
        {"applied": applied},
        [[Button(first, "apply")], [Button("language", "language"), Button("help", "help")]],
    )


def staff_greeting(role: str, *, here: bool, bound: bool) -> Card:
    """Tell staff where they work. `here`: this is a staff group; `bound`: there is one."""
    buttons: Buttons = [[Button("queue", "queue"), Button("help", "help")]] if here else []
    return Card("staff_greeting", {"role": role, "here": here, "bound": bound}, buttons)


def bind_hint(*, first: bool) -> Card:
    """Say in a group that is not bound how it is; `first`: the staff have none yet."""
    return Card("bind_hint", {"first": first, "leaves": None})


def ask(what: str, buttons: Buttons = (), *, group: bool = False, **facts: object) -> Card:
    """
    Ask for words. `what` is a command's name, or `decline`, `rename_to`, `apply_edit`.

    `group`: it can only be answered by a reply to this very message.
    """
    return Card("ask", {"what": what, "group": group, **facts}, buttons, fresh=True)


def said(what: str, buttons: Buttons = (), **facts: object) -> Card:
    """
    Confirm in a sentence.

    `what` and its facts: question_left; question_closed; question_of {person} (a colleague whose
    question it is); nothing_asked; edited;
    forwarded; write_as_yourself; no_files; bound {again};
    renamed {id, before, name}; spoken {language}; zone_set {zone};
    token_requested {tier}; hold_set {number, until, reason, owed, delete_on};
    granted {partner, tier, allowed}; frozen {partner, reason}; unfrozen {partner};
    halted {reason}; resumed; staff_set {user_id, person, role} (role None: taken away);
    request_refused {partner}; deletion_done, by_hand_done {id, name}; declined {company};
    nothing_to_show;
    mistake {reference} (something broke; nothing was done).
    """
    return Card("said", {"what": what, **facts}, buttons)


def did_you_mean(
    wanted: str,
    texts: Sequence[tuple[str, str]],
    *,
    what: str = "command",
    beside: Sequence[Button] = (),
) -> Card:
    """
    Offer what was perhaps meant, as buttons: (shown, text that it says).

    `what` is command, timezone, instance (nothing is called so) or ambiguous (several are).
    `beside` stands before the last button.
    """
    buttons = rows_of([named(shown, "say", text=text) for shown, text in texts], 2)
    last = {"command": Button("help", "help"), "timezone": Button("timezone", "timezone")}
    return Card(
        "did_you_mean",
        {
            "wanted": wanted[:64],
            "what": what,
            "near": [shown for shown, _ in texts],
        },
        [*buttons, [*beside, last.get(what, Button("list", "list"))]],
    )


def not_understood(pass_on: Button) -> Card:
    """Say that a sentence means nothing to the bot, and offer to pass it on to the staff."""
    return Card("not_understood", {}, [[pass_on], [Button("help", "help")]])


def perhaps_answered(
    question: str, args: Mapping[str, object], asked: Mapping[str, object], words: str
) -> Card:
    """Ask whether words answer a question from before; `asked` are the facts of its card."""
    answer = Button(
        "answer_it", "answer_it", {"question": question, "args": args, "words": words}, once=True
    )
    return Card("perhaps_answered", {"asked": asked, "words": words[:200]}, [[answer], HOME])


def was_deleted(gone: Instance) -> Card:
    """Say that what is called so is no more."""
    return Card(
        "was_deleted",
        {"id": gone.id, "name": gone.name, "deleted_at": gone.deleted_at},
        [[named(gone.name, "show", instance=gone.id), Button("list", "list")]],
    )


def applied(application: Application, *, edited: bool) -> Card:
    """Say that an application waits; the toggle edits it, the card follows what becomes of it."""
    return Card(
        "applied",
        {
            "company": application.company,
            "migrate": application.migrate,
            "edited": edited,
            "state": application.state,
            "reason": application.reason,
            "claimed_by": None,
        },
        application_cards.applicants_buttons(application),
    )


def early(card: Card) -> Card:
    """Say on an applicant's card that what was asked for has to wait, and was not done."""
    return replace(card, facts={**card.facts, "early": True})


def language(now: str, choices: Sequence[tuple[str, str]], *, wanted: str = "") -> Card:
    """Offer languages: (catalogue's name, its name in itself). `wanted`: what is none of them."""
    buttons = [named(name, "language", language=code) for code, name in choices]
    facts = {"language": now, "wanted": wanted}
    return Card("language", facts, [*rows_of(buttons, 2), HOME])


def timezone(zone: str, choices: Sequence[str]) -> Card:
    """Show the zone, offer a few and say that any can be written."""
    buttons = [named(choice, "timezone", zone=choice) for choice in choices]
    return Card("timezone", {"zone": zone}, [*rows_of(buttons, 2), HOME])


def help_card(commands: Sequence[str], *, who: str, in_days: bool = False) -> Card:
    """
    List commands by name.

    `who` is stranger, partner, staff, or staff_private (staff outside their group); `in_days`: a
    partner's instances are paid for in days.
    """
    buttons: Buttons = [HOME] if who in {"partner", "stranger"} else []
    return Card("help", {"commands": list(commands), "who": who, "in_days": in_days}, buttons)


def help_command(command: str, aliases: Sequence[str], *, private: bool) -> Card:
    """Explain one command. `aliases`: its other names, in all languages."""
    facts = {"command": command, "aliases": aliases}
    last = [Button("help", "help"), *(HOME if private else [])]
    return Card("help_command", facts, [last])
