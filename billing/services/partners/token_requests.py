"""
The staff's card of a request for the next token; edited as things go on.

Kind `token_request` {partner, tier, created, granted, reason, decided_by, decided_at, created_at,
claimed_by, claimed_at}. Of a partner one is open at a time: claims go by the partner's id.
"""

from __future__ import annotations

from billing.partners import Partner
from billing.services import claimed, finding, telling
from billing.services.messages import Button
from billing.services.ports import TokenRequest, Work

KIND = "token_request"


async def show(work: Work, request: TokenRequest, partner: Partner) -> None:
    """Show it to the staff as it stands."""
    programme = finding.programme_of(work, partner)
    token = await work.tokens.present(partner.id)
    assert token is not None, "a partner has a token from its approval on"
    facts = {
        "partner": partner.name,
        "tier": programme.tier(request.tier).name,
        "created": token.created,
        "granted": request.granted,
        "reason": request.reason,
        "decided_by": await claimed.name_of(work, request.decided_by),
        "decided_at": request.decided_at,
        "created_at": request.created_at,
        **await claimed.told(work, KIND, partner.id),
    }
    args = {"partner": partner.id}
    decide = [Button("approve", "token_approve", args), Button("decline", "token_decline", args)]
    look = Button("partner", "partner", args)
    open_buttons = [decide, [claimed.button(KIND, partner.id, facts), look]]
    await telling.tell_staff(
        work,
        "token_request",
        facts,
        key=f"token_request:{request.id}",
        partner_id=request.partner_id,
        buttons=open_buttons if request.granted is None else (),
    )
