"""Help: what can be said, and all about one command."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.manual import MANUALS
from bot.chat.replies.templates import Facts, says

# A command that the reader may say; staff have others than partners.
EXAMPLES = {"partner": mark("/help cancel"), "stranger": mark("/help apply")}
OF_STAFF = mark("/help freeze")


@says("help")
def help_card(facts: Facts, say: Speech) -> Html:
    """List the commands; to a partner, answer what every partner asks."""
    listed = [
        say("{usage} – {brief}", usage=code(say(manual.usage)), brief=say(manual.brief))
        for manual in (MANUALS[name] for name in facts["commands"] if name in MANUALS)
    ]
    example = code(say(EXAMPLES.get(facts["who"], OF_STAFF)))
    return lines(
        say.listed(listed, room=2400),
        Html(),
        *_good_to_know(facts["who"], say, in_days=facts["in_days"]),
        say("All about one command: {command}", command=example),
    )


def _good_to_know(who: str, say: Speech, *, in_days: bool) -> Sequence[Html]:
    match who:
        case "partner" if in_days:
            return (
                bold(say("Good to know")),
                say("• A trial is free, ends by itself and need not be cancelled."),
                say("• An instance runs as long as it has days: Extend gives it some."),
                say("• Days in your balance never expire; days that began are used, whole."),
                say("• Out of days, an instance stops, and is deleted if nobody extends it."),
            )
        case "partner":
            return (
                bold(say("Good to know")),
                say("• A trial is free, ends by itself and need not be cancelled."),
                say(
                    "• Months are billed whole, no pro rata: the invoice comes on the 1st and is "
                    "normally due on the 5th."
                ),
                say("• Unpaid, instances stop when the 10th is over and are deleted on the 15th."),
                say("• Cancelled? Until the service ends you can still keep it."),
            )
        case "stranger":
            return (say("Once you are a partner there is more: instances, invoices, your token."),)
        case "staff_private":
            return (say("Staff commands work in the staff group."),)
        case _:
            return (say("To answer a question of mine here, reply to it."),)


@says("help_command")
def help_command(facts: Facts, say: Speech) -> Html:
    manual = MANUALS[facts["command"]]
    usage = say(manual.usage)
    names = [facts["command"], *facts["aliases"]]
    others = [f"/{name}" for name in names if f"/{name}" != usage.split()[0]]
    return lines(
        code(usage),
        say("What it does: {brief}.", brief=say(manual.brief)),
        *(say(part) for part in manual.more),
        say("Also: {names}", names=" ".join(others)) if others else None,
    )
