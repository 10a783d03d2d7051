"""Which reminders come, to whom, and when nobody is woken."""

from __future__ import annotations

from collections.abc import Sequence

from billing.services.messages import Button
from billing.services.partners.notified import Chosen
from billing.services.telling import GROUP
from bot.chat.cards.card import Card, named, rows_of
from bot.chat.cards.plain import HOME

MOST_OTHERS = 40


def notices(shown: Chosen, user_id: int) -> Card:
    """Show what a reader gets, each kind with a button that turns it on or off."""
    own = shown.reader == str(user_id)
    toggles = [
        Button(
            f"{'wanted' if wanted else 'unwanted'}_{family}",
            "notices_choose",
            {"reader": shown.reader, "family": family, "wanted": not wanted},
        )
        for family, wanted in shown.wanted.items()
    ]
    others = [
        Button("notices_group", "notices_of", {"reader": GROUP})
        if reader == GROUP
        else named(name, "notices_of", reader=reader)
        for reader, name in list(shown.others.items())[:MOST_OTHERS]
    ]
    buttons = [*rows_of(toggles, 2), *(rows_of(others, 2) if own else [])]
    if shown.owner and own:
        buttons.append([Button("quiet_hours", "quiet_hours")])
    return Card(
        "notices",
        {
            "who": "own" if own else "group" if shown.reader == GROUP else "member",
            "name": shown.name,
            "off": [family for family, wanted in shown.wanted.items() if not wanted],
            "owner": shown.owner,
            **_night(shown),
        },
        [*buttons, HOME if own else [Button("back", "notices")]],
    )


def quiet_hours(shown: Chosen, offered: Sequence[str], *, changed: bool = False) -> Card:
    """Show the quiet hours and offer others."""
    choices = [
        Button("quiet_usual", "quiet_hours", {"hours": "usual"}),
        *(named(hours, "quiet_hours", hours=hours) for hours in offered),
        Button("quiet_none", "quiet_hours", {"hours": "none"}),
    ]
    return Card(
        "quiet_hours",
        {"changed": changed, **_night(shown)},
        [*rows_of(choices, 3), [Button("back", "notices")]],
    )


def _night(shown: Chosen) -> dict[str, object]:
    """Return the hours, as clocks show them; none: nobody sleeps."""
    night = shown.night
    if not night.lasts:
        return {"begins": None, "ends": None}
    return {"begins": f"{night.begins:%H:%M}", "ends": f"{night.ends:%H:%M}"}
