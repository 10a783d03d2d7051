"""What each command of the staff does."""

from __future__ import annotations

from bot.chat.formats import mark
from bot.chat.replies.entries import Manual

STAFF = {
    "queue": Manual(mark("/queue"), mark("what waits for us, oldest first")),
    "partner": Manual(
        mark("/partner NAME|ID"),
        mark("everything about one partner"),
        (mark("The beginning of the name is enough."),),
    ),
    "paid": Manual(
        mark("/paid NUMBER AMOUNT REFERENCE [DATE], or a bank's file"),
        mark("book a payment, or match a bank's statement"),
        (
            mark("The reference is unique: a second time shows the first booking."),
            mark("A part leaves the invoice due; what is too much becomes credit."),
            mark(
                "A bank's statement, CSV or XLSX, sent with /paid as its caption: I propose what "
                "is whose, and you confirm."
            ),
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
    "unpaid": Manual(
        mark("/unpaid NUMBER REASON"),
        mark("take a booked payment back"),
        (
            mark(
                "The newest payment of the invoice. It is due again: the stop follows after 2 "
                "days, the deletion 5 days later; its own dates stay if they are later."
            ),
            mark(
                "Credit that it made is taken back, and what that had paid is due again. Days "
                "are taken back, too. You are shown first what follows, and asked; much wants a "
                "second person."
            ),
            mark("The partner reads the reason. The reference stays taken."),
        ),
    ),
    "void": Manual(
        mark("/void NUMBER REASON"),
        mark("void an invoice by a credit note"),
        (
            mark(
                "What was on it can be billed again: at once by Issue anew, or by the next close."
            ),
            mark("Not once something was paid: then /unpaid or /credit. The partner is told why."),
        ),
    ),
    "credit": Manual(
        mark("/credit PARTNER AMOUNT|DAYS REASON"),
        mark("give credit, in money or in days"),
        (
            mark("It pays what is unpaid, oldest first; the next invoice uses the rest."),
            mark("Days like this: /credit NAME 30 days for the outage"),
            mark(
                "Above 5,000.00 a colleague of finance or an admin has to confirm it, as with "
                "/paid and /refund."
            ),
        ),
    ),
    "refund": Manual(
        mark("/refund PARTNER AMOUNT REFERENCE"),
        mark("book credit that was paid back"),
        (mark("It is paid outside; no more than the credit that there is."),),
    ),
    "grant": Manual(
        mark("/grant PARTNER [TIER]"), mark("give a token of the next or a higher tier")
    ),
    "price": Manual(
        mark("/price PARTNER PRICE from DATE"),
        mark("agree on a partner's own price"),
        (
            mark(
                "The price in force on the 1st holds for the whole month, so a later day counts "
                "from the month after. A closed month keeps its price."
            ),
            mark("The partner is told. Agreements are only added: a later one replaces it."),
        ),
    ),
    "limit": Manual(
        mark("/limit PARTNER DAYS|off"),
        mark("let a partner pay for days afterwards, down to a limit"),
        (
            mark(
                "The balance may go so many days below nothing; the days used in a month are "
                "invoiced at its end. off: days are paid for in advance again, once nothing is "
                "owed."
            ),
        ),
    ),
    "programme": Manual(
        mark("/programme PARTNER NAME [VERSION]"),
        mark("move a partner to another programme on the next 1st"),
        (
            mark("Without a version it is the newest one. A partner keeps its version until then."),
            mark(
                "Not while anything is unpaid; not to another currency while credit or days "
                "remain. Bands and cancellations stay as they are."
            ),
            mark("Until its day the move can be replaced, or taken back on the partner's card."),
        ),
    ),
    "import": Manual(
        mark("/import (a CSV or XLSX file)"),
        mark("bring in partners, instances and balances"),
        (
            mark(
                "Columns: partner, programme, instance, paid_until, migrate (yes or no), price, "
                "balance (an amount, or 30 days), platform_id, origin (api or panel)."
            ),
            mark(
                "You see first what each row would bring; then it is asked once. A row that is "
                "refused holds up no other."
            ),
            mark(
                "Migrated, an instance is billed from the month of its date on. Otherwise it runs "
                "to that date, then stops. It is never changed later."
            ),
            mark("For each new partner there is a code that makes its owner's account, once."),
        ),
    ),
    "freeze": Manual(
        mark("/freeze PARTNER REASON"),
        mark("nothing new for a partner; what runs goes on"),
        (mark("The partner reads the reason."),),
    ),
    "unfreeze": Manual(mark("/unfreeze PARTNER"), mark("let a frozen partner go on")),
    "say": Manual(
        mark("/say PARTNER TEXT"),
        mark("write to all people of a partner"),
        (
            mark("A photo or a file goes along: send it with the command beside it."),
            mark("What they reply comes here. Reply to their messages to answer."),
        ),
    ),
    "as": Manual(
        mark("/as PARTNER COMMAND…"),
        mark("act for a partner, with a manager's rights"),
        (mark("The audit names you and the partner, and the partner is told what you changed."),),
    ),
    "broadcast": Manual(
        mark("/broadcast SEGMENT TEXT"),
        mark("write to many partners; you see to how many first"),
        (
            mark("SEGMENT: all, trial, active, stopped, unpaid, overdue, or a programme."),
            mark("It is sent at a bearable pace, to nobody at night; how far it is stands here."),
        ),
    ),
    "report": Manual(
        mark("/report [MONTH]"),
        mark("a month in figures"),
        (
            mark("Revenue, instances, trials and how many of them were subscribed."),
            mark("The picture shows twelve months, the XLSX the month's invoices and payments."),
        ),
    ),
    "debts": Manual(
        mark("/debts"),
        mark("who owes for how long, oldest first"),
        (mark("By currency and days overdue. Day invoices are none: unpaid, they lapse."),),
    ),
    "dryrun": Manual(mark("/dryrun MONTH"), mark("what the close would draw up; changes nothing")),
    "audit": Manual(mark("/audit [PARTNER|INSTANCE|NUMBER]"), mark("who did what, newest first")),
    "halt": Manual(
        mark("/halt REASON"),
        mark("hold back every stop and deletion"),
        (mark("Nobody is stopped or deleted until an admin says /resume."),),
    ),
    "resume": Manual(mark("/resume"), mark("let stops and deletions go on")),
    "settings": Manual(
        mark("/settings"),
        mark("the terms in force, and which cards come into this group"),
        (
            mark(
                "Buttons choose which sorts of cards this group takes: applications, money, tokens "
                "and deletions, messages, summary and faults. What no group takes comes to all."
            ),
        ),
    ),
    "health": Manual(
        mark("/health"),
        mark("whether all is well, and how what is not is mended"),
        (mark("On the machine partnerdesk doctor looks at the same, and asks Telegram as well."),),
    ),
    "undo": Manual(
        mark("/undo"),
        mark("take back what you did last"),
        (
            mark("Within 10 minutes, your own last act, where that is possible."),
            mark(
                "Possible: freeze, unfreeze, halt, resume, claim, decline, a hold, a price that "
                "has not begun, a planned /programme, /limit, a role. /paid asks as /unpaid does."
            ),
            mark("Where it is not, you are told what to do instead."),
        ),
    ),
    "staff": Manual(
        mark("/staff [NAME|ID admin|finance|support|remove]"),
        mark("colleagues and their roles"),
        (mark("Or as a reply to that person's message: /staff support"),),
    ),
    "bind": Manual(
        mark("/bind [CODE]"),
        mark("make this group a staff group"),
        (
            mark(
                "The first group: with the code that is printed when the bot starts unbound. Who "
                "binds it is admin."
            ),
            mark("Further groups: an admin says /bind there, without a code."),
        ),
    ),
}
