"""/team: who acts for the partner, one-time links, other roles; the partner's own group."""

from __future__ import annotations

from typing import Any

from billing.partners import Role
from billing.refusals import NotFound
from billing.services.partners import own_group, team
from billing.services.partners.own_group import GroupTaken
from bot.chat.cards import team as cards
from bot.chat.cards.plain import HOME, said
from bot.chat.commands import Here
from bot.chat.turn import Answer, Turn
from bot.chat.words import grammar
from bot.chat.words.understanding import NotUnderstood, folded

INVITE = frozenset({"invite", "add", "convidar", "convite", "invitar", "invitacion", "пригласить"})
ROLES: dict[str, Role] = {
    "owner": Role.OWNER,
    "titular": Role.OWNER,
    "dono": Role.OWNER,
    "dona": Role.OWNER,
    "proprietario": Role.OWNER,
    "proprietaria": Role.OWNER,
    "dueno": Role.OWNER,
    "duena": Role.OWNER,
    "propietario": Role.OWNER,
    "propietaria": Role.OWNER,
    "finance": Role.FINANCE,
    "financeiro": Role.FINANCE,
    "financeira": Role.FINANCE,
    "finanzas": Role.FINANCE,
    "manager": Role.MANAGER,
    "gerente": Role.MANAGER,
    "viewer": Role.VIEWER,
    "leitor": Role.VIEWER,
    "leitora": Role.VIEWER,
    "lector": Role.VIEWER,
    "lectora": Role.VIEWER,
    "владелец": Role.OWNER,
    "финансы": Role.FINANCE,
    "менеджер": Role.MANAGER,
    "наблюдатель": Role.VIEWER,
}


class MemberRoleUnclear(NotUnderstood):
    """A member cannot be that. Facts: `wanted`."""

    code = "member_role_unclear"


async def team_(turn: Turn, words: str) -> Answer:
    """Show the team; `invite ROLE`, `PERSON ROLE` and `PERSON remove` do what they say."""
    first, _, rest = words.strip().partition(" ")
    if not first:
        return await team_pressed(turn, {})
    if folded(first) in INVITE:
        role = _role(rest) if rest.strip() else None
        return await invite_pressed(turn, {"role": role} if role else {})
    whole = await _called(turn, words.strip())
    if len(whole) == 1:
        return await member_pressed(turn, {"user": whole[0]})
    name, _, last = words.strip().rpartition(" ")
    user_id = await _named(turn, name or last)
    if folded(last) in grammar.TAKEN_AWAY:
        return await remove_pressed(turn, {"user": user_id})
    return await role_pressed(turn, {"user": user_id, "role": _role(last)})


async def team_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show who acts for the partner."""
    del args
    return cards.team(await team.look(turn.work, turn.actor))


async def member_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show one of the team, and what can be done."""
    return cards.member(await team.one(turn.work, turn.actor, int(args["user"])))


async def role_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Give a member another role; ask before that of an owner, who may do everything."""
    role = Role(args["role"])
    if role is Role.OWNER and not args.get("confirmed"):
        shown = await team.one(turn.work, turn.actor, int(args["user"]))
        if shown.member.role is not Role.OWNER:
            return cards.promoting(shown)
    changed = await team.change(turn.work, turn.actor, int(args["user"]), role)
    return cards.member(changed, changed=True)


async def remove_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask before somebody is removed."""
    found = await team.look(turn.work, turn.actor)
    gone = await team.one(turn.work, turn.actor, int(args["user"]))
    team.check_not_last(gone, [one.member for one in found.colleagues])
    return cards.removing(gone, found.partner)


async def remove_confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Remove a member."""
    gone = await team.remove(turn.work, turn.actor, int(args["user"]))
    return cards.removed(gone, oneself=gone.member.user_id == turn.user_id)


async def invite_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Make a one-time link, or ask for which role."""
    if "role" not in args:
        return cards.roles()
    role = Role(args["role"])
    partner, key, ends_at = await team.invite(turn.work, turn.actor, role)
    return cards.invitation(partner, role, key, ends_at, bot=turn.username)


async def group_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Make a code that binds the partner's own group."""
    del args
    _, key, ends_at = await own_group.invite(turn.work, turn.actor)
    return cards.group_code(key, ends_at, bot=turn.username)


async def unbind_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Let the partner's group be nobody's."""
    del args
    await own_group.unbind(turn.work, turn.actor)
    return said("group_let_go", [cards.BACK])


async def bind(turn: Turn, code: str) -> Answer:
    """Bind the group in which an owner says it."""
    if turn.here is Here.PARTNER_GROUP:
        return said("group_bound_already", [HOME])
    if turn.here is Here.STAFF_GROUP:
        raise GroupTaken
    partner = await own_group.bind(turn.work, turn.actor, turn.heard.chat_id, code)
    return said("group_bound_here", [HOME], partner=partner.name)


def _role(word: str) -> Role:
    role = ROLES.get(folded(word))
    if role is None:
        raise MemberRoleUnclear(wanted=word.strip()[:64])
    return role


async def _named(turn: Turn, name: str) -> int:
    """
    Return the one member who is called so, or has that id.

    :raises NotFound: also if several are called so: then the id tells which one.
    """
    fitting = await _called(turn, name)
    if len(fitting) != 1:
        raise NotFound(what="member", wanted=name[:64])
    return fitting[0]


async def _called(turn: Turn, name: str) -> list[int]:
    found = await team.look(turn.work, turn.actor)
    return [
        one.member.user_id
        for one in found.colleagues
        if name == str(one.member.user_id) or folded(one.name) == folded(name)
    ]
