"""What each command does: its form, a line for menus, and all that one wants to know."""

from __future__ import annotations

from bot.chat.formats import mark
from bot.chat.replies.entries import Manual
from bot.chat.replies.people_manual import PEOPLE
from bot.chat.replies.staff_manual import STAFF

INSTANCES = mark(
    "Name instances by name, id, number in the list shown last, range or kind, several at once: "
    "shop-1 · K7Q2M · 3 · 4-9 · trial · all. Or send their list as a file, the command beside it."
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
            mark(
                "A list or a table can also be sent as a file (CSV, XLSX, text), with the command "
                "beside it. Columns: name, customer, price, paid until."
            ),
        ),
    ),
    "list": Manual(
        mark("/list [KIND] [PAGE]"),
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
    "pair": Manual(
        mark("/pair INSTANCE [PHONE]"),
        mark("connect the number of an instance"),
        (
            mark(
                "A QR code to scan with the phone, renewed while it is awaited, three at most; "
                "with a phone number, a code to type on it."
            ),
        ),
    ),
    "customer": Manual(
        mark("/customer INSTANCE NAME [PRICE] [paid until DATE]"),
        mark("whose an instance is, and what you charge for it"),
        (
            mark(
                "For your eyes alone: it changes nothing of what you pay. /margin shows what is "
                "left, and whom to charge."
            ),
            mark("/customer INSTANCE paid until DATE keeps name and price; - takes it all away."),
        ),
    ),
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
    "days": Manual(
        mark("/days"),
        mark("your balance of days, what each instance has left, what runs out when"),
        (
            mark(
                "For terms that are paid for in days. Bought days never expire; what a deleted "
                "instance did not use comes back."
            ),
        ),
    ),
    "buy": Manual(
        mark("/buy 75 channels · /buy 2250 days · /buy monthly on|off"),
        mark("buy days; you see the price first"),
        (
            mark(
                "You confirm, our staff prepare the invoice by the time that you are shown, and "
                "when it is paid, whole, the days are in your balance. Until the invoice is there "
                "you can withdraw."
            ),
            mark(
                "monthly on: on the 1st of each month, days are bought for every running instance."
            ),
        ),
    ),
    "extend": Manual(
        mark("/extend INSTANCE… DAYS · /extend all to 30 · /extend all until DATE"),
        mark("give instances days from your balance"),
        (
            mark("The last number is the days. Of several you see the totals first."),
            mark(
                "to 30: each has at least 30 days left then. until DATE: each runs at least until "
                "the end of that day."
            ),
            mark("What is left of a trial or of days is kept; what has stopped runs again."),
            INSTANCES,
        ),
    ),
    "auto": Manual(
        mark("/auto INSTANCE… on [DAYS] · /auto all off"),
        mark("let instances extend themselves"),
        (
            mark(
                "With less than a day left, an instance takes 30 days from your balance, or as "
                "many as you say: all or none. If the balance does not reach, you hear of it 3 "
                "days and 1 day before."
            ),
            INSTANCES,
        ),
    ),
    "preview": Manual(
        mark("/preview"),
        mark("the coming invoice, as of now: what it will cost and when it is due"),
    ),
    "statement": Manual(
        mark("/statement [MONTH]"),
        mark("every movement of money and days in a month"),
        (mark("Long ones come as a file for a spreadsheet; any does by its button."),),
    ),
    "margin": Manual(
        mark("/margin"),
        mark("what each instance costs and earns; whom to charge this week"),
        (mark("What customers pay is what you said with /customer."),),
    ),
    "company": Manual(
        mark("/company"),
        mark("what your invoices are made out to"),
        (
            mark("Legal name, tax id, address and e-mail stand on invoices from then on."),
            mark("They can be told one by one or in one message, one a line."),
        ),
    ),
    "pay": Manual(
        mark("/pay [NUMBER]"),
        mark("how to pay an invoice"),
        (
            mark(
                "By bank transfer, with the invoice's number; what else is possible stands there. "
                "We book it and tell you here."
            ),
            mark("You can pay in parts; what is paid too much is used by the next invoice."),
            mark("What was stopped runs again as soon as all that is overdue is booked."),
        ),
    ),
    "why": Manual(
        mark("/why NUMBER [INSTANCE]"),
        mark("why something is on an invoice"),
        (mark("The rule, the dates, where the price is from, and who did it."),),
    ),
    "whatif": Manual(
        mark("/whatif cancel INSTANCE… · add N · subscribe N"),
        mark("what it would cost, dates and all; changes nothing"),
        (
            mark("You see the coming invoice and the one after, as they are and would be."),
            mark("subscribe N takes so many of your trials, those that end first."),
            mark("The staff name the partner first, in their group."),
        ),
    ),
    "chart": Manual(
        mark("/chart"),
        mark("a picture: instances and days over time, cost by month"),
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
    "leave": Manual(
        mark("/leave"),
        mark("end the partnership; you see what it means first"),
        (
            mark(
                "What runs is cancelled by your terms, what is tried is deleted. The last invoice "
                "uses your credit; what is left of it shows until it is refunded."
            ),
            mark("Nothing new can be begun afterwards; you can go on reading and paying."),
        ),
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
MANUALS = {**PARTNERS, **PEOPLE, **STAFF, **EVERYBODY}
