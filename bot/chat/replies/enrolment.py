"""Becoming a partner: the application, the decision, the welcome."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import TIERS, seen_to, word

# How long an instance runs on that was cancelled.
CANCELLED = {
    "thirty_days": mark("cancelled, it runs on for {n} days"),
    "until_expiry": mark("cancelled, it runs until its expiry date"),
    "end_of_cycle": mark("cancelled, it runs until the end of the month"),
}


@says("application")
def application(facts: Facts, say: Speech) -> Html:
    """The staff's card, which always shows who did what."""
    return lines(
        say("📋 Application of {company}", company=bold(facts["company"])),
        say(
            "By {person} ({user_id}), {at}",
            person=facts["person"],
            user_id=code(str(facts["user_id"])),
            at=facts["created_at"],
        ),
        say("Its active prepaid instances shall move to the monthly invoice.")
        if facts["migrate"]
        else say("Its prepaid instances, if any, stay prepaid."),
        _decision(facts, say),
    )


def _decision(facts: Facts, say: Speech) -> Html | None:
    who = {"person": facts["decided_by"] or "", "at": facts["decided_at"] or ""}
    match facts["state"]:
        case "approved":
            programme = code(facts["programme"])
            return say("✅ Approved by {person}, {at}: {programme}", programme=programme, **who)
        case "declined":
            return say("❌ Declined by {person}, {at}: {reason}", reason=facts["reason"], **who)
        case _ if facts["choosing"]:
            offered = [_offered(one, say) for one in facts.get("offered", ())]
            return lines(say("Under which programme?"), *offered)
        case _:
            return seen_to(facts, say)


def _offered(one: Facts, say: Speech) -> Html:
    """Say what a programme means: how it is paid, and what it costs."""
    terms = [say("trial {n} h", n=one["trial_hours"])]
    if one["prices"]:
        prices = Html(" / ".join(say.money(price) for price in one["prices"]))
        terms += [
            say("one invoice a month"),
            say("{prices} an instance", prices=bold(prices)),
            say("due on day {due}", due=one["due_day"]),
        ]
    if one["channel"]:
        terms += [
            say("days bought in advance"),
            say(
                "{price} for {n} days of a channel",
                price=bold(say.money(one["channel"])),
                n=one["channel_days"],
            ),
        ]
    if one["cancellation"]:
        terms.append(say(CANCELLED[one["cancellation"]], n=one["cancellation_days"]))
    return Html(f"{code(one['id'])}: {' · '.join(terms)}")


@says("approved")
def approved(facts: Facts, say: Speech) -> Html:
    """The welcome says what a new partner asks: trial, price, dates."""
    return lines(
        say("✅ Welcome, {company}! You are a partner now.", company=bold(facts["company"])),
        Html(),
        _trial(facts["trial_hours"], say, in_days=facts["channel"] is not None),
        *(_by_the_month(facts, say) if facts["prices"] else ()),
        *_in_days(facts["channel"], say),
        _allowance(facts, say),
        say("• Times are told by the clock of {zone}.", zone=bold(facts["zone"])),
        Html(),
        say("Create your first instance: {command}", command=code(say("/new shop-1"))),
    )


def _trial(hours: int, say: Speech, *, in_days: bool) -> Html:
    if in_days and hours % 24 == 0:
        return say.plural(
            "• A trial is free and lasts {n} day. Nobody has to cancel it.",
            "• A trial is free and lasts {n} days. Nobody has to cancel it.",
            hours // 24,
        )
    return say.plural(
        "• A trial is free and lasts {n} hour. Nobody has to cancel it.",
        "• A trial is free and lasts {n} hours. Nobody has to cancel it.",
        hours,
    )


def _by_the_month(facts: Facts, say: Speech) -> list[Html]:
    return [
        _prices(facts, say),
        say(
            "• Months are billed whole, no pro rata: one invoice for all, issued on the 1st, due "
            "on day {due}.",
            due=facts["due_day"],
        ),
        say(
            "• Unpaid, instances stop after day {last} and are deleted on day {delete}.",
            last=facts["last_day"],
            delete=facts["delete_day"],
        ),
    ]


def _in_days(channel: Facts | None, say: Speech) -> list[Html]:
    if channel is None:
        return []
    return [
        say(
            "• A channel of {n} days costs {price}; any number of days can be bought.",
            n=channel["days"],
            price=bold(say.money(channel["price"])),
        ),
        say(
            "• Buy days with {buy}, give them to instances with {extend}. They never expire, and "
            "what a deleted instance has left comes back.",
            buy=code(say("/buy 10 channels")),
            extend=code(say("/extend shop-1 30")),
        ),
    ]


def _prices(facts: Facts, say: Speech) -> Html:
    prices = facts["prices"]
    if len(prices) == 1:
        return say("• An instance costs {price} a month.", price=bold(say.money(prices[0])))
    return say(
        "• An instance costs {prices} a month, by the token that created it: first, second, third.",
        prices=Html(" / ".join(bold(say.money(price)) for price in prices)),
    )


def _allowance(facts: Facts, say: Speech) -> Html | None:
    if facts["allowed"] is None:
        return None
    return say.plural(
        "• Your {tier} allows {n} instance; then ask for the next.",
        "• Your {tier} allows {n} instances; then ask for the next.",
        facts["allowed"],
        tier=word(TIERS, facts["tier"], say),
    )


@says("declined")
def declined(facts: Facts, say: Speech) -> Html:
    return lines(
        say("Your application for {company} was declined.", company=bold(facts["company"])),
        say("The reason: {reason}", reason=facts["reason"]) if facts["reason"] else None,
        say("You can apply again whenever you like."),
    )


@says("partner_freeze")
def frozen(facts: Facts, say: Speech) -> Html:
    return lines(
        say("❄️ Your account is frozen: {reason}", reason=facts["reason"]),
        say(
            "Nothing new can be created or subscribed. What runs goes on, invoices and their "
            "dates too."
        ),
    )


@says("partner_unfreeze")
def unfrozen(_facts: Facts, say: Speech) -> Html:
    return say("✅ Your account is no longer frozen: everything works again.")
