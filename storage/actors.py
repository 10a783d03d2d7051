"""Who did something, as the books and the audit name them."""

from billing.services.people import Actor


def named(actor: Actor) -> str:
    """
    Return `admin:7001 Ana`: the role of then, the id that lasts, the name of then.

    Whoever acts for a partner is named with it: `support:7002 Sam for P1AAA`. The clock and the
    platform are named by their channel.
    """
    if actor.user_id is None:
        return str(actor.channel)
    role = actor.staff or actor.role or "person"
    behalf = f" for {actor.partner_id}" if actor.on_behalf else ""
    return f"{role}:{actor.user_id} {actor.name}".rstrip() + behalf
