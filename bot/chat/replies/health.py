"""Whether the desk is well, and how what is not is mended."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.waiting import span

SIGNS = {"good": "✅", "warn": "⚠️", "wrong": "⛔"}
MENDS = {
    "restart": mark("It restarts by itself; if it stays so, look at the logs."),
    "disk": mark("Make room where the database lies."),
    "inbox": mark("The database is slow or locked: look at the logs."),
    "due": mark("Something due fails again and again: look at the logs."),
    "outbox": mark("Telegram is slow or cannot be reached: look at the network."),
    "platform": mark("See /queue, and ask whoever runs the messaging platform."),
    "kept_aside": mark("Tell the developers: the update is kept in the database."),
    "lost": mark("Partners blocked the bot, or Telegram did not answer: /partner shows whom."),
    "bind": mark("In the staff group: /bind CODE; the code is printed when the bot starts."),
    "resume": mark("An admin goes on with /resume."),
    "audit": mark("Run partnerdesk audit, and see the card of that night."),
    "audit_late": mark("It comes at 04:30 UTC: look at the logs."),
    "telegram": mark("Look at the network, TELEGRAM_BOT_TOKEN and TELEGRAM_API_URL."),
    "webhook": mark("Look at WEBHOOK_URL and at what Telegram says."),
    "group_gone": mark("Add me to the group again, or bind another one."),
    "topics": mark("Make me an admin with the right to manage topics."),
    "topic_trouble": mark("Give me the right to manage topics, or switch topics off."),
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
            return say("{part}: last seen {n} s ago", part=code(facts["part"]), n=facts["seconds"])
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
        case "platform" if facts["failing"]:
            return say(
                "Platform: {n} calls open, {failing} do not succeed",
                n=facts["count"],
                failing=facts["failing"],
            )
        case "platform":
            return _line(say("Calls to the platform"), facts, say)
        case "kept_aside":
            return say("Updates kept aside: {n}", n=facts["count"])
        case "lost":
            return say("Messages that never arrived, last 24 hours: {n}", n=facts["count"])
        case _:
            return _of_desk(name, facts, say)


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
            return say.show(name)


def _group(facts: Facts, say: Speech) -> Html:
    told = [
        say("Group {chat}: {status}", chat=code(str(facts["chat_id"])), status=facts["status"]),
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
