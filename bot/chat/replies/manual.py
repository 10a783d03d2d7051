"""What each command does: its form, a line for menus, and all that one wants to know."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.formats import mark


@dataclass(frozen=True, slots=True)
class Manual:
    """
    One command, in the source language.

    `usage` is how it is said, `brief` stands in Telegram's menu, `more` answers what people ask.
    """

    usage: str
    brief: str
    more: tuple[str, ...] = ()


INSTANCES = mark(
    "Name instances by name, id, number in the list shown last, range or kind, several at once: "
    "shop-1 · K7Q2M · 3 · 4-9 · trial · all"
)

PARTNERS = {
    "start": Manual(mark("/start"), mark("where you stand, with buttons for everything")),
    "apply": Manual(
        mark("/apply COMPANY"),
        mark("ask to become a partner"),
        (
            mark("Our staff look at it and answer here. Sent again, it changes the open one."),
            mark(
                "Active prepaid instances can move to the monthly invoice: this is chosen with "
                "the application, never later."
            ),
        ),
    ),
    "new": Manual(
        mark("/new NAME…"),
        mark("create one or several instances; the trial is free"),
        (
            mark(
                "A trial is the time to try an instance for nothing. It ends by itself at the "
                "hour that you are shown, and nobody has to cancel it."
            ),
            mark("To go on after it, subscribe. Otherwise it stops, and is deleted later."),
            mark(
                "Several names are separated by commas or lines. Each uses one creation of your "
                "token."
            ),
        ),
    ),
    "list": Manual(
        mark("/list [KIND]"),
        mark("your instances"),
        (mark("KIND: all, trial, stopped, active, cancelled, overdue, unpaid, ended."),),
    ),
    "show": Manual(
        mark("/show INSTANCE"), mark("one instance: state, dates, price, what can be done now")
    ),
    "subscribe": Manual(
        mark("/subscribe INSTANCE…"),
        mark("go on after the trial; you see the price first"),
        (
            mark(
                "It costs its price for each calendar month, whole: there is no pro rata, also if "
                "you subscribe on the last day. What is left of the trial is not added."
            ),
            mark(
                "All your instances of a month are on one invoice, issued on the 1st of the next "
                "month. It goes on until you cancel."
            ),
            INSTANCES,
        ),
    ),
    "cancel": Manual(
        mark("/cancel INSTANCE…"),
        mark("end a subscription; you see the last day first"),
        (
            mark(
                "It runs on until the day that you are shown, and is on one more invoice: the "
                "month in which you cancel is billed whole, as every month is."
            ),
            mark("Until its service ends you can take that back with /keep."),
            mark("A trial need not be cancelled: it costs nothing and ends by itself."),
            mark("/cancel alone leaves an open question."),
            INSTANCES,
        ),
    ),
    "keep": Manual(
        mark("/keep INSTANCE…"),
        mark("withdraw a cancellation"),
        (
            mark("Possible until its service ends. It goes on as if it had never been cancelled."),
            INSTANCES,
        ),
    ),
    "delete": Manual(
        mark("/delete INSTANCE…"),
        mark("delete now and for good"),
        (
            mark("It stops at once and never comes back. The present month is billed whole."),
            mark("To use it to the end of what you pay for, cancel it instead."),
            INSTANCES,
        ),
    ),
    "rename": Manual(mark("/rename INSTANCE NAME"), mark("give an instance another name")),
    "invoices": Manual(
        mark("/invoices"),
        mark("your invoices"),
        (
            mark(
                "One invoice for each month in which something was subscribed, issued on the 1st "
                "of the next month, normally due on the 5th."
            ),
            mark(
                "Unpaid, your instances stop when the 10th is over and are deleted on the 15th at "
                "09:00, for good. A payment that is booked before saves them. The exact days stand "
                "on each invoice."
            ),
        ),
    ),
    "invoice": Manual(
        mark("/invoice NUMBER"), mark("one invoice: lines, payments, until when to pay")
    ),
    "preview": Manual(
        mark("/preview"),
        mark("the coming invoice, as of now: what it will cost and when it is due"),
    ),
    "pay": Manual(
        mark("/pay [NUMBER]"),
        mark("how to pay an invoice"),
        (
            mark(
                "By bank transfer or PIX, with the invoice's number. We book it and tell you here."
            ),
            mark("You can pay in parts; what is paid too much is used by the next invoice."),
            mark("What was stopped runs again as soon as all that is overdue is booked."),
        ),
    ),
    "token": Manual(
        mark("/token"),
        mark("your integrator token: what is left, its secret, the next one"),
        (
            mark(
                "Each creation uses it, here or by the API, also if the instance is deleted later."
            ),
            mark("Whoever uses it, your company pays: keep its secret safe."),
        ),
    ),
}
STAFF = {
    "queue": Manual(mark("/queue"), mark("what waits for us, oldest first")),
    "partner": Manual(
        mark("/partner NAME|ID"),
        mark("everything about one partner"),
        (mark("The beginning of the name is enough."),),
    ),
    "paid": Manual(
        mark("/paid NUMBER AMOUNT REFERENCE [DATE]"),
        mark("book a payment"),
        (
            mark("The reference is unique: a second time shows the first booking."),
            mark("A part leaves the invoice due; what is too much becomes credit."),
        ),
    ),
    "hold": Manual(
        mark("/hold NUMBER DATE REASON"),
        mark("give an invoice more time"),
        (
            mark("The day replaces the last day of service; the deletion follows 5 days after it."),
            mark("A stopped partner runs again. It ends by itself; a later one replaces it."),
        ),
    ),
    "grant": Manual(
        mark("/grant PARTNER [TIER]"), mark("give a token of the next or a higher tier")
    ),
    "freeze": Manual(
        mark("/freeze PARTNER REASON"),
        mark("nothing new for a partner; what runs goes on"),
        (mark("The partner reads the reason."),),
    ),
    "unfreeze": Manual(mark("/unfreeze PARTNER"), mark("let a frozen partner go on")),
    "report": Manual(mark("/report [MONTH]"), mark("a month in figures")),
    "dryrun": Manual(mark("/dryrun MONTH"), mark("what the close would draw up; changes nothing")),
    "audit": Manual(mark("/audit [PARTNER|INSTANCE|NUMBER]"), mark("who did what, newest first")),
    "halt": Manual(
        mark("/halt REASON"),
        mark("hold back every stop and deletion"),
        (mark("Nobody is stopped or deleted until an admin says /resume."),),
    ),
    "resume": Manual(mark("/resume"), mark("let stops and deletions go on")),
    "staff": Manual(
        mark("/staff [ID admin|finance|support|remove]"),
        mark("colleagues and their roles"),
        (mark("Or as a reply to that person's message: /staff support"),),
    ),
    "bind": Manual(
        mark("/bind CODE"),
        mark("make this group a staff group"),
        (mark("The code is printed when the bot starts unbound. Who binds first is admin."),),
    ),
}
EVERYBODY = {
    "language": Manual(mark("/language"), mark("the language that I speak with you")),
    "timezone": Manual(
        mark("/timezone [ZONE]"),
        mark("the clock by which times are told"),
        (mark("Invoices keep the days of your terms, wherever you are."),),
    ),
    "help": Manual(mark("/help [COMMAND]"), mark("what I can do; with a command, all about it")),
}
MANUALS = {**PARTNERS, **STAFF, **EVERYBODY}
