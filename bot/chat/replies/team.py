"""Who acts for a partner, one-time links, its own group."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.refusals import refuses
from bot.chat.replies.sayings import when
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import ROLES, item, word

MAY = {
    "owner": mark("all, and team, token and leaving"),
    "finance": mark("read, buy and pay"),
    "manager": mark("read, create, subscribe, cancel, extend, delete"),
    "viewer": mark("read"),
}


@says("team")
def team(facts: Facts, say: Speech) -> Html:
    return lines(
        say("👥 Who acts for {partner}", partner=bold(facts["partner"])),
        say.listed(_member(one, say) for one in facts["members"]),
        Html(),
        say("A group of your own is bound: there each acts in their own role.")
        if facts["group"]
        else say("You can also work in a group of your own: each acts there in their own role."),
    )


def _member(one: Facts, say: Speech) -> Html:
    blocked = say("has blocked me: my messages do not arrive") if one["blocked"] else None
    return item(bold(one["person"]), word(ROLES, one["role"], say), blocked)


@says("team_member")
def member(facts: Facts, say: Speech) -> Html:
    role = bold(word(ROLES, facts["role"], say))
    person = bold(facts["person"])
    return lines(
        say("✅ {person} is {role} now.", person=person, role=role)
        if facts["changed"]
        else say("{person} is {role}.", person=person, role=role),
        say("May: {rights}.", rights=say(MAY[facts["role"]])),
    )


@says("team_removing")
def removing(facts: Facts, say: Speech) -> Html:
    return lines(
        bold(
            say("Remove {person} from {partner}?", person=facts["person"], partner=facts["partner"])
        ),
        say("The rights end at once, and open buttons do nothing any more. The person is told."),
    )


@says("team_removed_done")
def removed_done(facts: Facts, say: Speech) -> Html:
    if facts["oneself"]:
        return say("✅ You no longer act for this account.")
    return lines(
        say("✅ {person} no longer acts for you.", person=bold(facts["person"])),
        say("An owner may know the secret of your token: rotate it to be safe.")
        if facts["role"] == "owner"
        else None,
    )


@says("team_promoting")
def promoting(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "Make {person} an owner? Now: {role}.",
            person=bold(facts["person"]),
            role=word(ROLES, facts["role"], say),
        ),
        say(
            "An owner may do everything that you may: the token, the team, ending the partnership."
        ),
    )


@says("team_roles")
def roles(_facts: Facts, say: Speech) -> Html:
    return lines(
        say("For which role is the one-time link?"),
        *(item(bold(word(ROLES, role, say)), say(may)) for role, may in MAY.items()),
    )


@says("team_code")
def invitation(facts: Facts, say: Speech) -> Html:
    (secret,) = facts["secrets"]
    if secret is None:
        return say("🔗 This link was used, or its time is over.")
    return lines(
        say(
            "🔗 Makes one person {role} of {partner}, until {at}:",
            role=bold(word(ROLES, facts["role"], say)),
            partner=bold(facts["partner"]),
            at=say.clock(facts["ends_at"]),
        ),
        code(f"https://t.me/{facts['bot']}?start={secret}"),
        say("It works once, for whoever opens it: send it to that person alone."),
    )


@says("group_code")
def group_code(facts: Facts, say: Speech) -> Html:
    (secret,) = facts["secrets"]
    if secret is None:
        return say("🔗 This link was used, or its time is over.")
    return lines(
        say(
            "🔗 Binds your own group, until {at}. Open this and choose the group:",
            at=say.clock(facts["ends_at"]),
        ),
        code(f"https://t.me/{facts['bot']}?startgroup={secret}"),
        say("Where I am in the group already, write there:"),
        code(f"/bind {secret}"),
        say("It works once, and for owners of your account alone."),
    )


@says("team_role")
def role_given(facts: Facts, say: Speech) -> Html:
    """To the owners, and to whom it is about."""
    values = {
        "partner": bold(facts["partner"]),
        "person": bold(facts["person"] or "–"),
        "role": bold(word(ROLES, facts["role"], say)),
        "by": facts["by"] or "–",
    }
    if facts["you"]:
        return say("👥 You are {role} of {partner} now, by {by}.", **values)
    return say("👥 {person} is {role} of {partner} now, by {by}.", **values)


@says("team_removed")
def removed(facts: Facts, say: Speech) -> Html:
    """To the owners, and to whom it is about."""
    values = {
        "partner": bold(facts["partner"]),
        "person": bold(facts["person"] or "–"),
        "by": facts["by"] or "–",
    }
    if facts["you"]:
        return say("👥 You no longer act for {partner}: {by} has removed you.", **values)
    if facts["oneself"]:
        return say("👥 {person} no longer acts for {partner}, by own choice.", **values)
    return say("👥 {person} no longer acts for {partner}: removed by {by}.", **values)


@says("group_bound")
def group_bound(facts: Facts, say: Speech) -> Html:
    """To the owners."""
    return say(
        "👥 {person} has bound a group to your account. Members act there in their own roles.",
        person=bold(facts["person"] or "–"),
    )


@says("group_unbound")
def group_unbound(facts: Facts, say: Speech) -> Html:
    """To the owners; nobody has done it where the bot found itself put out."""
    if not facts["person"]:
        return say("👥 Your group is no longer bound to your account: I am not in it any more.")
    return say(
        "👥 Your group is no longer bound to your account, by {person}.",
        person=bold(facts["person"]),
    )


@when("group_bound_here")
def bound_here(facts: Facts, say: Speech) -> Html:
    return lines(
        say("✅ This is the group of {partner} now.", partner=bold(facts["partner"])),
        say(
            "Members act here in their own roles; commands begin with a slash. Secrets come in "
            "private."
        ),
    )


@when("group_bound_already")
def bound_already(_facts: Facts, say: Speech) -> Html:
    return say("This group is bound to your account already.")


@when("group_let_go")
def let_go(_facts: Facts, say: Speech) -> Html:
    return say("✅ The group is no longer bound. I hear nobody there any more.")


@when("sent_in_private")
def sent_in_private(_facts: Facts, say: Speech) -> Html:
    return say("🔒 That is for your eyes alone: I have sent it to you in private.")


@refuses("last_owner")
def last_owner(facts: Facts, say: Speech) -> Html:
    return say(
        "{person} is the only owner. Make somebody else owner first: /team",
        person=bold(facts["person"] or "–"),
    )


@refuses("group_taken")
def group_taken(_facts: Facts, say: Speech) -> Html:
    return say("This group is bound already, to something else.")


@refuses("stranger_here")
def stranger_here(_facts: Facts, say: Speech) -> Html:
    return say("⛔ In this group only members of its account can use me.")


@refuses("member_role_unclear")
def member_role_unclear(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "{wanted} is no role. The roles: {roles}.",
            wanted=bold(facts["wanted"]),
            roles=Html(", ".join(code(word(ROLES, role, say)) for role in MAY)),
        ),
        say(
            "To take somebody out of the team: {form}",
            form=code(say("/team NAME remove")),
        ),
    )
