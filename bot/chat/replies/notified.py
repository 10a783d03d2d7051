"""Which reminders come, to whom, and when nobody is woken."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts, says


@says("notices")
def notices(facts: Facts, say: Speech) -> Html:
    """What is on and off stands on the buttons."""
    match facts["who"]:
        case "own":
            head = say("🔔 Your reminders. Press to turn one on or off.")
        case "group":
            head = say("🔔 Reminders for your group. Press to turn one on or off.")
        case _:
            head = say(
                "🔔 Reminders for {person}. Press to turn one on or off.",
                person=bold(facts["name"]),
            )
    always = say("Stops, deletions and what has ended always come, to whom they concern.")
    return lines(
        head,
        None if facts["who"] == "group" else always,
        _night(facts, say),
        say("Others: {form}", form=code(say("/notices quiet 23:00-07:00")))
        if facts["who"] == "own" and facts["owner"]
        else None,
    )


@says("quiet_hours")
def quiet_hours(facts: Facts, say: Speech) -> Html:
    return lines(
        say("✅ Changed for all who act for you.") if facts["changed"] else None,
        _night(facts, say),
        say("Others: {form}", form=code(say("/notices quiet 23:00-07:00")))
        if facts["begins"] is None
        else say(
            "What would be too late after them comes half an hour before. Other hours: {form}",
            form=code(say("/notices quiet 23:00-07:00")),
        ),
    )


def _night(facts: Facts, say: Speech) -> Html:
    if facts["begins"] is None:
        return say("🌙 No quiet hours: reminders come at any time.")
    return say(
        "🌙 Quiet from {begins} to {ends}, by your time zone: nobody is woken.",
        begins=facts["begins"],
        ends=facts["ends"],
    )


@refuses("hours_unclear")
def hours_unclear(facts: Facts, say: Speech) -> Html:
    return say(
        "{wanted} is no span of hours. Write it like {form}, or {off}.",
        wanted=bold(facts["wanted"]),
        form=code(say("/notices quiet 23:00-07:00")),
        off=code(say("/notices quiet off")),
    )


@refuses("hours_refused")
def hours_refused(facts: Facts, say: Speech) -> Html:
    return say("Quiet hours are {most} at most, so that warnings come in time.", most=facts["most"])
