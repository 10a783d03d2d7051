"""Stripe's webhook takes what Stripe has signed, just now, and nothing else."""

from __future__ import annotations

import json
import random
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette

from billing.services.ports.cards import Event
from bot.web import returned
from bot.web.stripe import LARGEST_BODY_BYTES, TOLERANCE_SECONDS, StripeWebhook
from tests.standins.stripe.hooks import signature

SECRET, OTHER = "whsec_aaaaaaaaaaaaaaaaaaaaaaaa", "whsec_bbbbbbbbbbbbbbbbbbbbbbbb"
# Long past by the machine's clock: what counts is our own.
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
AT = int(NOW.timestamp())
BODY = json.dumps(
    {
        "id": "evt_1",
        "object": "event",
        "created": AT,
        "livemode": False,
        "type": "customer.subscription.updated",
        "data": {"object": {"id": "sub_1", "object": "subscription", "nome": "São João №1"}},
    },
    indent=2,
    ensure_ascii=False,
)
SIGNED = signature(BODY, SECRET, AT)
ALTERED = 10_000


class Desk:
    """What was kept, and the webhook before it."""

    def __init__(self, *secrets: str) -> None:
        self.kept: list[Event] = []
        self.now = NOW
        self.broken = False
        self.webhook = StripeWebhook(secrets or (SECRET,), lambda: self.now, self._keep)
        self.app = Starlette(routes=[self.webhook.route(), *returned.routes()])

    async def _keep(self, event: Event) -> None:
        if self.broken:
            raise OSError("the disk is full")
        self.kept.append(event)

    async def post(self, body: str | bytes = BODY, *signatures: str) -> httpx.Response:
        given = [("Stripe-Signature", one) for one in signatures or (SIGNED,)]
        async with self.client() as client:
            return await client.post("/stripe", content=body, headers=given)

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://bot")


@pytest.fixture
def desk() -> Desk:
    return Desk()


class TestWebhook:
    async def test_keeps_an_event_as_it_came_and_says_200_again_and_again(self, desk):
        for _ in range(2):
            answer = await desk.post()
            assert (answer.status_code, answer.content) == (200, b"")
        first, second = desk.kept
        assert first == second
        assert (first.id, first.about, first.body) == ("evt_1", "sub_1", BODY)

    async def test_takes_either_secret_while_one_is_replaced(self):
        desk = Desk(OTHER, SECRET)
        for secret in (SECRET, OTHER):
            assert (await desk.post(BODY, signature(BODY, secret, AT))).status_code == 200
        # As Stripe signs it then: with both, in one header.
        both = f"{SIGNED},{signature(BODY, OTHER, AT).split(',')[1]}"
        assert (await Desk(OTHER).post(BODY, both)).status_code == 200

    @pytest.mark.parametrize(
        ("late", "status"),
        [(0, 200), (TOLERANCE_SECONDS, 200), (TOLERANCE_SECONDS + 1, 400), (86400, 400)],
    )
    @pytest.mark.parametrize("sign", [1, -1])
    async def test_goes_by_our_own_clock_both_ways(self, desk, late, status, sign):
        desk.now = NOW + sign * timedelta(seconds=late)
        assert (await desk.post()).status_code == status
        assert len(desk.kept) == (status == 200)

    @pytest.mark.parametrize(
        "signatures",
        [
            ("",),
            ("t=,v1=",),
            (f"t={AT}",),
            (SIGNED.replace("v1=", "v0="),),
            (SIGNED.replace("v1=", "V1="),),
            (SIGNED, SIGNED),
            (f"t={AT},{SIGNED}",),
            (SIGNED.replace(f"t={AT}", f"t=+{AT}"),),
            (SIGNED.replace(f"t={AT}", f"t=0{AT}"),),
            (SIGNED.replace(f"t={AT}", f"t={AT}.0"),),
            (signature(BODY, "", AT),),
            (signature(BODY, "whsec_", AT),),
        ],
    )
    async def test_refuses_other_signatures(self, desk, signatures):
        answer = await desk.post(BODY, *signatures)
        assert (answer.status_code, answer.content, desk.kept) == (400, b"", [])

    async def test_refuses_without_a_signature(self, desk):
        async with desk.client() as client:
            assert (await client.post("/stripe", content=BODY)).status_code == 400
            assert (await client.get("/stripe")).status_code == 405
        assert desk.kept == []

    @pytest.mark.parametrize("body", [b"\xff\xfe", b"", b"{}", b"null", b"[" * 100_000])
    async def test_does_not_ask_again_for_what_is_signed_and_no_event(self, desk, body):
        try:
            signed = signature(body.decode(), SECRET, AT)
        except UnicodeDecodeError:
            signed = SIGNED
        answer = await desk.post(body, signed)
        assert answer.status_code == (400 if signed == SIGNED else 200)
        assert desk.kept == []

    async def test_reads_no_more_than_an_event_can_have(self, desk):
        body = BODY + " " * LARGEST_BODY_BYTES
        assert (await desk.post(body, signature(body, SECRET, AT))).status_code == 413
        assert desk.kept == []

    async def test_asks_to_be_called_again_while_nothing_can_be_stored(self, desk):
        desk.broken = True
        answer = await desk.post()
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0

    @pytest.mark.parametrize("secrets", [[], [""], [SECRET, ""]])
    def test_cannot_be_without_a_secret(self, secrets):
        with pytest.raises(ValueError, match="secret"):
            StripeWebhook(secrets, lambda: NOW, Desk()._keep)


def altered(chance: random.Random) -> tuple[bytes, str]:
    """Return a body and a signature of which something is not as Stripe made it."""
    body, signed = BODY.encode(), SIGNED
    match chance.randrange(6):
        case 0:  # a byte of the body
            at = chance.randrange(len(body))
            body = body[:at] + bytes([body[at] ^ (1 << chance.randrange(8))]) + body[at + 1 :]
        case 1:  # something cut out or put in
            at, end = sorted(chance.sample(range(len(body) + 1), 2))
            body = body[:at] + body[end:] if chance.random() < 0.5 else body[:end] + body[at:]
        case 2:  # a sign of the signature
            at = SIGNED.index("v1=") + 3 + chance.randrange(64)
            other = chance.choice([sign for sign in "0123456789abcdefF" if sign != signed[at]])
            signed = signed[:at] + other + signed[at + 1 :]
        case 3:  # another time, with the signature of this one
            moved = AT + chance.choice([-1, 1]) * chance.randrange(1, 10**6)
            signed = signed.replace(f"t={AT}", f"t={moved}")
        case 4:  # signed for another time, too far from now
            moved = AT + chance.choice([-1, 1]) * chance.randrange(TOLERANCE_SECONDS + 1, 10**7)
            signed = signature(BODY, SECRET, moved)
        case 5:  # signed by somebody else
            secret = "".join(chance.choices("abcdefghij_0123456789", k=chance.randrange(1, 40)))
            signed = signature(BODY, f"whsec_{secret}", AT)
    return body, signed


class TestForgeries:
    async def test_none_of_ten_thousand_is_accepted(self, desk):
        chance = random.Random(5)
        seen: set[tuple[bytes, str]] = set()
        async with desk.client() as client:
            while len(seen) < ALTERED:
                body, signed = altered(chance)
                if (body, signed) == (BODY.encode(), SIGNED) or (body, signed) in seen:
                    continue
                seen.add((body, signed))
                headers = {"Stripe-Signature": signed}
                answer = await client.post("/stripe", content=body, headers=headers)
                assert answer.status_code == 400, (body, signed)
        assert desk.kept == []
        assert (await desk.post()).status_code == 200


class TestPages:
    @pytest.mark.parametrize(
        ("language", "word"),
        [
            ("pt-BR,pt;q=0.9", "voltar"),
            ("ru", "Telegram"),
            ("fr", "go back"),
            ("", "go back"),
        ],
    )
    @pytest.mark.parametrize("path", [returned.PAID, returned.LEFT])
    async def test_send_people_back_to_telegram(self, desk, path, language, word):
        async with desk.client() as client:
            page = await client.get(path, headers={"Accept-Language": language})
        assert page.status_code == 200
        assert re.search(word, page.text)
        assert "{" not in re.sub(r"<style>.*?</style>", "", page.text, flags=re.DOTALL)
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
