"""
What is said unasked of cards: a renewal in 7 days, a payment that failed, a subscription's end.

Facts of `notice_card_renewal`, `notice_card_failed`, `notice_card_ended`: {id, name, interval,
amount, until, delete_at}. Rules: "What the bot says unasked".
"""

from __future__ import annotations

from billing import card_lives, lifetimes
from billing.cards import CardState, CardSubscription
from billing.instances import GONE
from billing.notices import NoticeKind
from billing.partners import Partner
from billing.services import finding, telling
from billing.services.messages import Button, Urgency
from billing.services.ports import Due, Work

AT_ONCE = (NoticeKind.CARD_FAILED, NoticeKind.CARD_ENDED)
MINDED = telling.OPERATORS | telling.PAYERS
WANTED = {
    NoticeKind.CARD_RENEWAL: CardState.ACTIVE,
    NoticeKind.CARD_FAILED: CardState.PAST_DUE,
    NoticeKind.CARD_ENDED: CardState.ENDED,
}


async def changed(
    work: Work, partner: Partner, before: CardSubscription, after: CardSubscription
) -> None:
    """Plan what is owed of a subscription as it is now, and drop what no longer matters."""
    old, new = card_lives.subject(before), card_lives.subject(after)
    ahead = card_lives.notices_of(after, partner.night, since=work.now)
    told = {kind for kind in AT_ONCE if after.state is WANTED[kind]}
    kept = told | {notice.kind for notice in ahead}
    await telling.drop_notices(
        work, [(kind, old) for kind in WANTED if old != new or kind not in kept]
    )
    for notice in ahead:
        await telling.plan_notice(work, partner.id, notice)
    if before.state is not after.state:
        for kind in sorted(told):
            await telling.announce(work, partner.id, partner.night, kind, new)


async def say(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    """Say it, if it still is so."""
    subscription = await work.card_subscriptions.get(due.subject.partition(":")[0])
    if subscription is None or card_lives.subject(subscription) != due.subject:
        return
    if subscription.state is not WANTED[kind]:
        return
    instance = await work.instances.by_id(subscription.instance_id)
    assert instance is not None, "an instance is never removed"
    of = {"instances": [instance.id]}
    onward = Button("card_portal", "card_portal", {"instance": instance.id})
    if kind is NoticeKind.CARD_ENDED:
        if instance.state in GONE:
            return
        onward = Button("subscribe", "subscribe", of)
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        {
            "id": instance.id,
            "name": instance.name,
            "interval": subscription.interval,
            "amount": subscription.amount,
            "until": subscription.period_ends_at,
            "delete_at": lifetimes.ran_out_deletion(instance, finding.programme_of(work, partner)),
        },
        key=telling.notice_key(kind, due.subject),
        roles=telling.EVERYBODY if kind is NoticeKind.CARD_ENDED else MINDED,
        buttons=[[onward, Button("show", "show", {"instance": instance.id})]],
        urgency=Urgency.MONEY,
        quiet_zone=partner.night,
        useful_until=due.useful_until,
    )
