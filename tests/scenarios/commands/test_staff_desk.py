"""The staff's day at the desk, command by command."""

from __future__ import annotations

import pytest

from tests.scenarios.commands.telling import Stories
from tests.scenarios.commands.tongues import CODES
from tests.scenarios.world import Human

STORIES = Stories(*CODES)
NOT_YET = "Not a partner yet? Apply with {command} and the name of your company."
NO_SUCH = "There is no partner {wanted}. Try the beginning of the name."
NEEDS_STAFF = "⛔ That needs a staff right that you do not have, in the staff group."


@pytest.mark.parametrize("code", STORIES.codes)
async def test_stories(code):
    await STORIES.tell(code)


@STORIES.about("queue")
async def waits(scene):
    sofia, otto = await scene.staff(), await scene.newcomer("Otto")
    scene.tongue.told(await sofia.asks("queue"), "✅ Nothing waits.")
    await otto.says("apply", "Padaria Sol")
    queue = await sofia.asks("queue")
    assert "Padaria Sol" in queue.text
    await sofia.presses("Claim")
    assert "Sofia" in (await sofia.asks("queue")).text
    await sofia.presses("Decline")
    await sofia.replies("no tax id")
    scene.tongue.told(await otto.asks("start"), NOT_YET)
    scene.tongue.told(await sofia.asks("queue"), "✅ Nothing waits.")


@STORIES.about("partner")
async def looked_up(scene):
    owner, sofia = await scene.partner("Acme Norte"), await scene.staff()
    card = await sofia.asks("partner", "acme n")
    scene.tongue.told(card, "People:", owner.name)
    scene.tongue.told(card, "Nothing unpaid.", "Acme Norte")
    nobody = await sofia.asks("partner", "Zzz")
    scene.tongue.told(nobody, NO_SUCH)


@STORIES.about("grant")
async def granted(scene):
    owner, sofia = await scene.partner("Maiores"), await scene.staff()
    wrong = await sofia.asks("grant", "Maiores tenth")
    scene.tongue.told(wrong, "There is no token tier {wanted}. There are {tiers}.")
    before = await owner.asks("token")
    await sofia.says("grant", "Maiores definitive")
    after = await owner.asks("token")
    assert after.text != before.text
    scene.tongue.told(after, "{n} creation so far, without a limit.")


@STORIES.about("freeze", "unfreeze")
async def frozen(scene):
    owner, sofia = await scene.partner("Gelo"), await scene.staff()
    await sofia.asks("freeze", "Gelo")
    await sofia.replies("checks pending")
    refused = await owner.asks("new", "gelo-1")
    scene.tongue.told(
        refused,
        "❄️ Your account is frozen ({reason}): nothing new can begin. What runs goes on, and you "
        "can pay, cancel and delete. When our staff end the freeze, you are told here.",
        "checks pending",
    )
    nobody = await sofia.asks("unfreeze", "Zzz")
    scene.tongue.told(nobody, NO_SUCH)
    await sofia.says("cancel")
    await sofia.says("unfreeze", "Gelo")
    await owner.says("new", "gelo-1")
    assert (await scene.world.platform())["gelo-1"] == "trial"


@STORIES.about("say")
async def told(scene):
    owner, sofia = await scene.partner("Ouvintes"), await scene.staff()
    nobody = await sofia.asks("say", "Zzz hello")
    scene.tongue.told(nobody, NO_SUCH)
    sent = await sofia.asks("say", "Ouvintes Bom dia")
    scene.tongue.told(sent, "✅ Sent to {partner}, {n} person.")
    scene.tongue.told(await owner.last(), "💬 Our staff:", "Bom dia")


@STORIES.about("as")
async def acted_for(scene):
    owner, sam = await scene.partner("Ajudados"), await scene.staff("Sam")
    name, token = scene.tongue.name_of("new"), scene.tongue.name_of("token")
    await sam.says("as", f"Ajudados {name} ajuda-1")
    assert (await scene.world.platform())["ajuda-1"] == "trial"
    scene.tongue.told(await owner.last(), "👤 Our staff did this for you:", "ajuda-1")
    refused = await sam.asks("as", f"Ajudados {token}")
    scene.tongue.told(
        refused, "⛔ You act with a manager's rights: only the partner itself can do that."
    )
    assert "ajuda-1" in (await owner.asks("list")).text


@STORIES.about("broadcast")
async def told_to_many(scene):
    owner = await scene.partner("Muitos")
    sofia, sam = await scene.staff(), await scene.staff("Sam")
    scene.tongue.told(await sam.asks("broadcast", "all hello"), NEEDS_STAFF)
    unknown = await sofia.asks("broadcast", "nobody hello")
    scene.tongue.told(unknown, "There is no {wanted}. To whom: {known}")
    segment = scene.tongue.of(en="all", pt="todos", es="todos", ru="все")
    asked = await sofia.asks("broadcast", f"{segment} Preços novos")
    scene.tongue.told(asked, "Send this to {segment}?", "Preços novos")
    assert (await owner.last()).text != "Preços novos"
    await sofia.presses("Confirm", on=asked)
    await scene.world.advance("2m")
    assert (await owner.last()).text == "Preços novos"


@STORIES.about("audit")
async def written_down(scene):
    owner, sofia = await scene.partner("Registros"), await scene.staff()
    await owner.says("new", "livro-1")
    rows = await sofia.asks("audit", "livro-1")
    scene.tongue.told(rows, "Who did what, newest first: {wanted}", owner.name)
    nothing = await sofia.asks("audit", "livro-9")
    scene.tongue.told(nothing, "Nothing is written down about {wanted}.")


@STORIES.about("halt", "resume")
async def halted(scene):
    owner = await scene.partner("Parados")
    sofia, sam = await scene.staff(), await scene.staff("Sam")
    await owner.says("new", "pausa-1")
    scene.tongue.told(await sam.asks("halt", "me too"), NEEDS_STAFF)
    scene.tongue.told(
        await sofia.asks("halt"), "Why are stops and deletions halted? All colleagues will read it."
    )
    await sofia.replies("maintenance")
    scene.tongue.told(await sofia.asks("queue"), "⛔ Stops and deletions are halted: {reason}")
    await scene.world.advance("4d")
    assert (await scene.world.platform())["pausa-1"] == "trial"
    await sofia.says("resume")
    assert (await scene.world.platform())["pausa-1"] == "stopped"


@STORIES.about("undo")
async def undone(scene):
    owner, sofia = await scene.partner("Desfeitos"), await scene.staff()
    await sofia.says("freeze", "Desfeitos by mistake")
    await sofia.says("undo")
    await owner.says("new", "volta-1")
    assert (await scene.world.platform())["volta-1"] == "trial"
    again = await sofia.asks("undo")
    scene.tongue.told(again, "Your last act was an undo already.")
    await scene.world.advance("11m")
    late = await sofia.asks("undo")
    scene.tongue.told(late, "You did nothing in the last 10 minutes that could be taken back.")


@STORIES.about("settings", "health")
async def looked_at(scene):
    sofia, sam = await scene.staff(), await scene.staff("Sam")
    terms = await sofia.asks("settings")
    scene.tongue.told(terms, "⚙️ The terms in force", "billing/programmes/integrator.toml")
    scene.tongue.told(await sam.asks("settings"), NEEDS_STAFF)
    well = await sam.asks("health")
    assert len(well.text.splitlines()) > 5
    alone = Human(scene.world, sam.human.id, "Sam", sam.human.id)
    (private,) = await alone.says(f"/{scene.tongue.name_of('health')}")
    scene.tongue.told(private, "That works in the staff group only.")


@STORIES.about("staff")
async def appointed(scene):
    sofia, sam = await scene.staff(), await scene.staff("Sam")
    ida = await scene.newcomer("Ida")
    await ida.says("start")
    scene.tongue.told(await sam.asks("staff", f"{ida.human.id} finance"), NEEDS_STAFF)
    wrong = await sofia.asks("staff", f"{ida.human.id} boss")
    scene.tongue.told(wrong, "{wanted} is no role. There are {roles}.")
    role = scene.tongue.of(en="finance", pt="financeiro", es="finanzas", ru="финансы")
    await sofia.says("staff", f"{ida.human.id} {role}")
    assert ida.name in (await sofia.asks("staff")).text
    last = await sofia.asks("staff", f"{sofia.human.id} support")
    scene.tongue.told(last, "This is the last admin. Make somebody else admin first.")
    await sofia.says(
        "staff",
        f"{ida.human.id} {scene.tongue.of(en='remove', pt='remover', es='quitar', ru='убрать')}",
    )
    assert ida.name not in (await sofia.asks("staff")).text
