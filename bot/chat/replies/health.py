"""Whether the desk is well, and how what is not is mended."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.platforms import platform_name
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.waiting import span
from bot.chat.replies.words import word

SIGNS = {"good": "✅", "warn": "⚠️", "wrong": "⛔"}
MENDS = {
    "sorts": mark(
        "They come to all groups. Choose with /settings in the group that is to get them."
    ),
    "ways_to_pay": mark(
        "At /pay and on invoices partners find no way to pay and have to ask."
        " Set OPERATOR_BANK, OPERATOR_PIX or OPERATOR_PAYMENT_LINK, and start the bot anew."
    ),
    "issuer": mark(
        "Partners read invoices that do not say it."
        " Set OPERATOR_LEGAL_NAME, OPERATOR_TAX_ID and OPERATOR_ADDRESS, and start the bot anew."
    ),
    "restart": mark("It restarts by itself; if it stays so, look at the logs."),
    "disk": mark("Make room where the database lies."),
    "inbox": mark("The database is slow or locked: look at the logs."),
    "due": mark("Something due fails again and again: look at the logs."),
    "outbox": mark("Telegram is slow or cannot be reached: look at the network."),
    "platform": mark("See /queue, and ask whoever runs the messaging platform."),
    "platform_answers": mark("Look at its status page, and at its token in the settings."),
    "kept_aside": mark("Tell the developers: the update is kept in the database."),
    "lost": mark("Partners blocked the bot, or Telegram did not answer: /partner shows whom."),
    "bind": mark("In the staff group: /bind CODE; the code is printed when the bot starts."),
    "resume": mark("An admin goes on with /resume."),
    "audit": mark("Run partnerdesk audit, and see the card of that night."),
    "comparison": mark("See /queue: what differs there waits for one of you."),
    "comparison_late": mark("It comes at 05:00 UTC: ask whoever runs the messaging platform."),
    "days_there": mark("Buy days at the platform: partners hold more than are left there."),
    "cards": mark("Look at Stripe's status page, at STRIPE_SECRET_KEY and at the logs."),
    "cards_aside": mark("See /queue: what Stripe told waits for one of you."),
    "audit_late": mark("It comes at 04:30 UTC: look at the logs."),
    "telegram": mark("Look at the network, TELEGRAM_BOT_TOKEN and TELEGRAM_API_URL."),
    "webhook": mark("Look at WEBHOOK_URL and at what Telegram says."),
    "group_gone": mark("Add me to the group again, or bind another one."),
    "topics": mark("Make me an admin with the right to manage topics."),
    "topic_trouble": mark("Give me the right to manage topics, or switch topics off."),
}


SORTS = {
    "applications": mark("Applications"),
    "money": mark("Money"),
    "instances": mark("Tokens and deletions"),
    "messages": mark("Messages"),
    "desk": mark("Summary and faults"),
}
# Parts of the bot, as the watchdog knows them.
PARTS = {
    "poller": mark("Receiving"),
    "sender": mark("Sending"),
    "caller": mark("Platform calls"),
    "cashier": mark("Card payments"),
    "watcher": mark("Watching the platforms"),
    "ticker": mark("What falls due"),
}
# What the bot is in a group, as Telegram calls it.
STATUSES = {
    "administrator": mark("the bot is an admin"),
    "member": mark("the bot is a member"),
    "restricted": mark("the bot is restricted"),
    "left": mark("the bot is not in it"),
    "kicked": mark("the bot was put out"),
}
WAYS_TO_PAY = {
    "bank": mark("bank transfer"),
    "pix": mark("PIX"),
    "link": mark("online"),
}
ISSUER = {
    "legal_name": mark("legal name"),
    "tax_id": mark("tax id"),
    "address": mark("address"),
}


@says("health")
def health(facts: Facts, say: Speech) -> Html:
    """What is wrong first, with what mends it; then all else in a line each."""
    order = {"wrong": 0, "warn": 1, "good": 2}
    checks = sorted(facts["checks"], key=lambda one: order[one["level"]])
    head = (
        say("✅ All is well.")
        if all(one["level"] == "good" for one in checks)
        else say("Something needs care:")
    )
    return lines(bold(head), say.listed((line(one, say) for one in checks), room=3600))


def line(one: dict[str, Any], say: Speech) -> Html:
    """Return how one check stands; with what mends it below."""
    told = Html(f"{SIGNS[one['level']]} {_told(one['name'], one['facts'], say)}")
    if one["mend"] is None:
        return told
    return lines(told, Html(f"   → {say(MENDS[one['mend']])}"))


def _told(name: str, facts: Facts, say: Speech) -> Html:
    match name:
        case "part":
            part = word(PARTS, facts["part"], say)
            return say("{part}: last seen {n} s ago", part=part, n=facts["seconds"])
        case "database":
            return say("Database: {n} MB", n=facts["megabytes"])
        case "disk":
            return say("Disk: {n} MB free", n=facts["megabytes"])
        case "inbox":
            return _line(say("Updates to be handled"), facts, say)
        case "due":
            return _line(say("Due now"), facts, say)
        case "outbox":
            return _line(say("Messages to be sent"), facts, say)
        case "platform" | "platform_answers":
            return _of_platforms(name, facts, say)
        case "kept_aside":
            return say("Updates kept aside: {n}", n=facts["count"])
        case "lost":
            return say("Messages that never arrived, last 24 hours: {n}", n=facts["count"])
        case _:
            return _of_desk(name, facts, say)


def _of_platforms(name: str, facts: Facts, say: Speech) -> Html:
    match name:
        case "platform" if facts["failing"]:
            return say(
                "Platform: {n} calls open, {failing} do not succeed",
                n=facts["count"],
                failing=facts["failing"],
            )
        case "platform":
            return _line(say("Calls to the platform"), facts, say)
        case "platform_answers" if facts["why"] is None:
            return say("{platform} answers", platform=platform_name(facts["platform"]))
        case _:
            return say(
                "{platform} does not answer: {why}",
                platform=platform_name(facts["platform"]),
                why=facts["why"],
            )


def _of_desk(name: str, facts: Facts, say: Speech) -> Html:
    match name:
        case "groups":
            return say("Staff groups bound: {n}", n=facts["count"])
        case "halted" if facts["reason"]:
            return say("Stops and deletions are halted: {reason}", reason=facts["reason"])
        case "halted":
            return say("Stops and deletions go on")
        case "audit" if facts["night"] is None:
            return say("Audit: the first one comes tonight")
        case "audit":
            return say(
                "Audit of {night}: {n} contradictions", night=facts["night"], n=facts["found"]
            )
        case "comparison":
            return _comparison(facts, say)
        case "telegram" if facts.get("why"):
            return say("Telegram cannot be reached: {why}", why=facts["why"])
        case "telegram" if facts["username"]:
            return say("Telegram: @{username}", username=facts["username"])
        case "telegram":
            return say("Telegram: reached")
        case "webhook":
            return say("Webhook: {why}", why=facts["why"])
        case "group":
            return _group(facts, say)
        case _:
            return _of_operator(name, facts, say)


def _comparison(facts: Facts, say: Speech) -> Html:
    what = {"platform": platform_name(facts["platform"]), "night": facts["night"]}
    if facts["silent"]:
        return say("{platform}, compared {night}: no answer: {why}", **what, why=facts["silent"])
    told = say(
        "{platform}, compared {night}: {held} there, differences: {n}",
        **what,
        n=facts["count"],
        held=facts["held"],
    )
    if facts["days_left"] is None:
        return told
    days = say(
        "{left} days left there, partners hold {owed}",
        left=facts["days_left"],
        owed=facts["days_owed"],
    )
    return Html(f"{told} · {days}")


def _cards(facts: Facts, say: Speech) -> Html:
    if not facts["set"]:
        return say("Card payments: off, STRIPE_SECRET_KEY is not set")
    compared = facts["compared_at"]
    told = [
        say("Card payments: compared {at}", at=compared)
        if compared
        else say("Card payments: not compared yet"),
        None if facts["live"] else say("with test cards only"),
        say("calls that do not succeed: {n}", n=facts["failing"]) if facts["failing"] else None,
        say("events that wait: {n}", n=facts["late"]) if facts["late"] else None,
        say("kept aside: {n}", n=facts["quarantined"]) if facts["quarantined"] else None,
    ]
    return Html(" · ".join(part for part in told if part))


def _of_operator(name: str, facts: Facts, say: Speech) -> Html:
    match name:
        case "cards":
            return _cards(facts, say)
        case "sorts":
            left = Html(", ".join(word(SORTS, sort, say) for sort in facts["sorts"]))
            return say("Cards that no group takes: {sorts}", sorts=left)
        case "ways_to_pay":
            return _ways_to_pay(facts, say)
        case "issuer" if facts["unset"]:
            unset = Html(", ".join(say(ISSUER[name]) for name in facts["unset"]))
            return say("On invoices, of you: no {unset}", unset=unset)
        case "issuer":
            return say("Invoices say who you are")
        case _:
            return say.show(name)


def _ways_to_pay(facts: Facts, say: Speech) -> Html:
    set_up = [say(title) for name, title in WAYS_TO_PAY.items() if name not in facts["unset"]]
    if not set_up:
        return say("Ways to pay: none is set")
    return say("Ways to pay: {ways}", ways=Html(", ".join(set_up)))


def _group(facts: Facts, say: Speech) -> Html:
    told = [
        say(
            "Group {chat}: {status}",
            chat=bold(facts["title"]) if facts["title"] else code(str(facts["chat_id"])),
            status=word(STATUSES, facts["status"], say),
        ),
        None if facts["forum"] else say("no topics: answers go by replies"),
        None if facts["hears_all"] else say("privacy mode: commands and replies reach me"),
        say.show(facts["why"]) if facts["why"] else None,
    ]
    return Html(" · ".join(part for part in told if part))


def _line(what: Html, facts: Facts, say: Speech) -> Html:
    if not facts["count"]:
        return say("{what}: none", what=what)
    minutes = int((say.now - facts["oldest"]).total_seconds() // 60)
    return say(
        "{what}: {n}, the oldest for {span}",
        what=what,
        n=facts["count"],
        span=span(max(0, minutes), say),
    )
