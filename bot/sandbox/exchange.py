"""The parts of the box's Telegram, as its methods and its people use them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.clock import MovableClock
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.happenings import Happenings
from bot.sandbox.keeper import Keeper
from bot.sandbox.limits import Limits
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.values import Json
from bot.sandbox.webhook_push import WebhookPush
from bot.sandbox.world import World

# Made up, and formed as BotFather's are.
BOT_ID = 7_000_000_001
TOKEN = f"{BOT_ID}:AAsandbox_of_partner_desk_made_up_0"
BOT_USERNAME = "partnerdesk_bot"
BOT_NAME = "Partner Desk"


@dataclass(frozen=True, slots=True)
class Exchange:
    """Everything that the two HTTP faces work on."""

    clock: MovableClock
    keeper: Keeper
    happenings: Happenings
    world: World
    queue: UpdateQueue
    push: WebhookPush
    limits: Limits
    files: Files
    faults: Faults

    def bot_user(self) -> Json:
        name = self.keeper.setting("my_name", BOT_NAME)
        return {"id": BOT_ID, "is_bot": True, "first_name": name, "username": BOT_USERNAME}


def build_exchange(clock: MovableClock, keeper: Keeper) -> Exchange:
    """Return the exchange as the keeper remembers it."""
    happenings = Happenings()
    queue = UpdateQueue(keeper, clock, happenings)
    return Exchange(
        clock=clock,
        keeper=keeper,
        happenings=happenings,
        world=World(keeper, clock, happenings),
        queue=queue,
        push=WebhookPush(queue, clock, keeper, happenings),
        limits=Limits(clock),
        files=Files(keeper),
        faults=Faults(keeper),
    )
