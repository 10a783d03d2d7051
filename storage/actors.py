"""Who did something, as the books and the audit name them."""

from billing.services.people import Actor


def named(actor: Actor) -> str:
    """
    Return `admin:7001 Ana`: the role of then, the id that lasts, the name of then.

    The clock and the platform are named by their channel.
    """
    if actor.user_id is None:
        return str(actor.channel)
    role = actor.staff or actor.role or "person"
    return f"{role}:{actor.user_id} {actor.name}".rstrip()
