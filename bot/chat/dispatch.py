"""Which handler a command, a button or an open question has; the right is checked before it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from billing.partners import MEMBER_RIGHTS, Right, Role
from billing.refusals import NoRight
from billing.services.finding import NoPartner
from billing.services.operations import Operation
from bot.chat import grammar
from bot.chat.commands import ACTIONS, COMMANDS, QUESTIONS, Command, Place
from bot.chat.handlers import (
    applying,
    approving,
    booking,
    buying,
    changes,
    correcting,
    days,
    desk,
    explaining,
    extending,
    importing,
    instances,
    invoices,
    leaving,
    partners,
    start,
    terms,
    tokens,
)
from bot.chat.turn import Answer, Presses, Says, Turn, WrongPlace

Answers = Callable[[Turn, dict[str, Any], str], Awaitable[Answer]]

SAYS: dict[str, Says] = {
    "start": start.start,
    "apply": applying.apply,
    "new": instances.new,
    "list": instances.list_,
    "show": instances.show,
    "subscribe": changes.says(Operation.SUBSCRIBE),
    "cancel": changes.says(Operation.CANCEL),
    "keep": changes.says(Operation.KEEP),
    "delete": changes.says(Operation.DELETE),
    "rename": instances.rename,
    "days": days.days,
    "buy": buying.buy,
    "extend": extending.extend,
    "auto": extending.auto,
    "invoices": invoices.invoices,
    "invoice": invoices.invoice,
    "preview": invoices.preview,
    "pay": invoices.pay,
    "why": explaining.why,
    "whatif": explaining.whatif,
    "token": tokens.token,
    "leave": leaving.leave,
    "queue": desk.queue,
    "partner": partners.partner,
    "paid": booking.paid,
    "hold": booking.hold,
    "unpaid": correcting.unpaid,
    "void": correcting.void,
    "credit": correcting.credit,
    "refund": correcting.refund,
    "grant": partners.grant,
    "price": terms.price,
    "limit": days.limit,
    "programme": terms.programme,
    "import": importing.import_,
    "freeze": partners.freeze,
    "unfreeze": partners.unfreeze,
    "report": booking.report,
    "dryrun": booking.dryrun,
    "audit": desk.audit,
    "halt": desk.halt,
    "resume": desk.resume,
    "staff": desk.staff_,
    "bind": desk.bind,
    "language": start.language,
    "timezone": start.timezone,
    "help": start.help_,
}


def _as_said(name: str, words: str = "") -> Presses:
    """Return a button's handler that does what the command does with the args' text."""

    async def pressed(turn: Turn, args: dict[str, Any]) -> Answer:
        return await SAYS[name](turn, str(args.get(words, "")))

    return pressed


async def _say(turn: Turn, args: dict[str, Any]) -> Answer:
    """Do as if the button's words were written: with the right that their command asks for."""
    called = grammar.called(str(args["text"]), username="", private=True)
    if called is None or called.command is None:
        raise KeyError(f"a button says no command: {args['text']!r}")
    return await say(turn, called.command, called.words)


PRESSES: dict[str, Presses] = {
    "say": _say,
    "home": _as_said("start"),
    "list": instances.listed,
    "show": instances.shown,
    "new": instances.new_pressed,
    "rename": instances.rename_pressed,
    "subscribe": changes.presses(Operation.SUBSCRIBE),
    "cancel": changes.presses(Operation.CANCEL),
    "keep": changes.presses(Operation.KEEP),
    "delete": changes.presses(Operation.DELETE),
    "confirm": changes.confirm,
    "days": _as_said("days"),
    "standing": days.standing,
    "buy": buying.buy_pressed,
    "buy_confirm": buying.confirm,
    "withdraw": buying.withdraw,
    "extend": extending.extend_pressed,
    "extend_confirm": extending.confirm,
    "auto": extending.auto_pressed,
    "leave_confirm": leaving.confirm,
    "invoices": _as_said("invoices"),
    "invoice": invoices.shown,
    "preview": _as_said("preview"),
    "pay": invoices.to_pay,
    "why": explaining.why_pressed,
    "token": _as_said("token"),
    "token_show": tokens.token_show,
    "token_rotate": tokens.token_rotate,
    "token_accept": tokens.token_accept,
    "token_next": tokens.token_next,
    "instance_token": tokens.instance_token,
    "saved": tokens.saved,
    "apply": applying.apply_pressed,
    "apply_edit": applying.apply_pressed,
    "migrate": applying.migrate,
    "language": _as_said("language", "language"),
    "timezone": _as_said("timezone", "zone"),
    "help": _as_said("help"),
    "queue": _as_said("queue"),
    "application": applying.application,
    "approve": applying.approve,
    "approve_as": applying.approve_as,
    "decline": applying.decline,
    "task": desk.task,
    "task_done": desk.task_done,
    "partner": partners.shown,
    "staff_invoice": partners.invoice,
    "token_approve": partners.token_approve,
    "token_decline": partners.token_decline,
    "freeze": partners.freeze_pressed,
    "unfreeze": partners.unfreeze_pressed,
    "take_back": terms.take_back,
    "import_confirm": importing.confirm,
    "owner_code": importing.owner_code,
    "day_request": buying.request,
    "day_claim": buying.claim,
    "day_hand_over": buying.hand_over,
    "day_prepare": buying.prepare,
    "limit": days.limit_pressed,
    "audit": desk.audit_pressed,
    "paid": booking.paid_pressed,
    "hold": booking.hold_pressed,
    "unpaid": correcting.unpaid_pressed,
    "unpaid_confirm": correcting.unpaid_confirm,
    "void": correcting.void_pressed,
    "reissue": correcting.reissue,
    "credit": correcting.credit_pressed,
    "refund": correcting.refund_pressed,
    "approval": approving.approval,
    "approval_confirm": approving.confirm,
    "approval_drop": approving.drop,
    "report": booking.report_pressed,
}
ANSWERS: dict[str, Answers] = {
    "decline": applying.decline_because,
    "rename_to": instances.rename_to,
    "extend_by": extending.extend_by,
    "auto_switch": extending.auto_switch,
}


async def say(turn: Turn, command: Command, words: str) -> Answer:
    """
    Do what a command asks for.

    :raises NoRight, NoPartner, WrongPlace: nothing was done.
    :raises Refusal:
    """
    check(turn, command.right_here(private=turn.heard.private), command.place)
    return await SAYS[command.name](turn, words)


async def press(turn: Turn, action: str, args: dict[str, Any]) -> Answer:
    """Do what a button stands for; raises as `say` does."""
    check(turn, ACTIONS[action], Place.ANYWHERE)
    return await PRESSES[action](turn, args)


async def answer(turn: Turn, question: str, args: dict[str, Any], words: str) -> Answer:
    """Take words as the answer to a question; raises as `say` does."""
    if question in COMMANDS:
        whole = f"{args.get('before', '')} {words} {args.get('after', '')}"
        return await say(turn, COMMANDS[question], whole.strip())
    check(turn, *QUESTIONS[question])
    return await ANSWERS[question](turn, args, words)


def may_answer(turn: Turn, question: str) -> bool:
    """Whether the speaker has the right that the answer to a question needs."""
    if question in COMMANDS:
        return turn.may(COMMANDS[question].right_here(private=turn.heard.private))
    return turn.may(QUESTIONS[question][0])


def check(turn: Turn, right: Right, place: Place) -> None:
    """
    Refuse what is not the speaker's to ask for, or not here.

    :raises NoRight, NoPartner, WrongPlace:
    """
    private = turn.heard.private
    if place is Place.PRIVATE and not private:
        raise WrongPlace(place=Place.PRIVATE)
    if turn.may(right):
        return
    if place is Place.STAFF_GROUP and turn.actor.staff is not None and not turn.in_staff_group:
        raise WrongPlace(place=Place.STAFF_GROUP)
    stranger = turn.actor.partner_id is None and turn.actor.staff is None
    if stranger and private and right in MEMBER_RIGHTS[Role.OWNER]:
        raise NoPartner
    raise NoRight(right=right)
