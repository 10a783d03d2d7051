"""Who acts for a partner, its token, what is kept of people, how it ends: command by command."""

from __future__ import annotations

import json
import re

import pytest

from tests.scenarios.commands.telling import Scene, Speaker, Stories
from tests.scenarios.commands.tongues import CODES

STORIES = Stories(*CODES)
LINK = re.compile(r"t\.me/\w+\?start=(\S+)")


@pytest.mark.parametrize("code", STORIES.codes)
async def test_stories(code):
    await STORIES.tell(code)


async def invited(scene: Scene, owner: Speaker, role: str) -> Speaker:
    """Return somebody new who came by a one-time link."""
    await owner.says(
        "team",
        f"{scene.tongue.of(en='invite', pt='convite', es='invitar', ru='пригласить')} {role}",
    )
    found = LINK.search((await owner.last()).text)
    assert found is not None, (await owner.last()).text
    person = await scene.newcomer("Mia")
    await person.says("start", found[1])
    return person


@STORIES.about("apply")
async def applied(scene):
    sofia = await scene.staff()
    otto = await scene.newcomer("Otto")
    scene.tongue.told(await otto.asks("apply"), "What is the name of your company?")
    await otto.writes("Borges Ltda")
    scene.tongue.told(await otto.last(), "✅ Your application for {company} is with our staff.")
    card = await sofia.last()
    scene.tongue.told(card, "📋 Application of {company}", "Borges Ltda")
    changed = await otto.asks("apply", "Borges e Filhos")
    scene.tongue.told(changed, "✅ Your application is changed: {company}", "Borges e Filhos")
    assert "Borges e Filhos" in (await sofia.now(card)).text
    await sofia.presses("Approve")
    await sofia.taps("integrator")
    again = await otto.asks("apply", "Another")
    scene.tongue.told(again, "Already a member of the partner {partner}.", "Borges e Filhos")


@STORIES.about("token")
async def shown_once_and_rotated(scene):
    owner = await scene.partner("Chaves")
    viewer = await invited(scene, owner, "viewer")
    card = await owner.asks("token")
    scene.tongue.told(
        card, "{created} of {allowed} creations used, {left} left. Deleted instances count too."
    )
    await owner.presses("Show token", on=card)
    await owner.presses("Confirm")
    secret = await owner.last()
    scene.tongue.told(secret, "🔑 Your token's secret")
    await owner.presses("Saved", on=secret)
    gone = await owner.now(secret)
    assert secret.text.split()[-1] not in gone.text
    scene.tongue.told(gone, "✅ Saved, and no longer shown here.")
    seen = await viewer.asks("token")
    scene.tongue.told(seen, "Its secret is shown to the owner of your account alone.")
    assert scene.tongue.label("Rotate") not in seen.labels


@STORIES.about("team")
async def invited_and_removed(scene):
    owner = await scene.partner("Equipe")
    mia = await invited(scene, owner, "manager")
    scene.tongue.told(await owner.asks("team"), "👥 Who acts for {partner}", mia.name)
    unclear = await owner.asks("team", f"{mia.name} chief")
    scene.tongue.told(unclear, "{wanted} is no role. The roles: {roles}.")
    await owner.says("team", f"{mia.name} viewer")
    denied = await mia.asks("new", "loja-1")
    scene.tongue.told(
        denied,
        "⛔ Your role does not allow that.",
    )
    await owner.confirms("team", f"{mia.name} remove")
    assert mia.name not in (await owner.asks("team")).text
    alone = await owner.asks("team", f"{owner.name} viewer")
    scene.tongue.told(alone, "{person} is the only owner. Make somebody else owner first: /team")
    assert await scene.world.platform() == {}


@STORIES.about("notices")
async def quiet(scene):
    owner = await scene.partner("Quietos")
    word = scene.tongue.of(en="quiet", pt="silencio", es="silencio", ru="тишина")
    wrong = await owner.asks("notices", f"{word} whenever")
    scene.tongue.told(wrong, "{wanted} is no span of hours. Write it like {form}, or {off}.")
    changed = await owner.asks("notices", f"{word} 20:00-07:00")
    scene.tongue.told(
        changed, "🌙 Quiet from {begins} to {ends}, by your time zone: nobody is woken.", "20:00"
    )
    shown = await owner.asks("notices")
    scene.tongue.told(shown, "🔔 Your reminders. Press to turn one on or off.", "20:00")
    await owner.presses("✅ Trials", on=shown)
    assert scene.tongue.label("🔕 Trials") in (await owner.now(shown)).labels


@STORIES.about("support")
async def written_to(scene):
    owner, sofia = await scene.partner("Falantes"), await scene.staff()
    await owner.says("support")
    await owner.writes("Cadê a fatura?")
    card = await sofia.last()
    assert "Cadê a fatura?" in card.text
    await sofia.writes("Aqui está.", reply_to=card.message_id)
    assert "Aqui está." in (await owner.last()).text
    nobody = await scene.stranger()
    refused = await nobody.asks("support", "hello")
    scene.tongue.told(
        refused, "You are not a partner yet. Apply with {command} and the name of your company."
    )
    assert (await sofia.last()).message_id == card.message_id


@STORIES.about("export", "forget")
async def exported_and_forgotten(scene):
    owner = await scene.partner("Memoria")
    mia = await invited(scene, owner, "finance")
    said = await mia.says("export")
    (file,) = [one.raw["document"] for one in said if one.raw["document"]]
    kept = json.loads(await scene.world.file(file))
    assert mia.name in str(kept)
    last = await owner.asks("forget")
    scene.tongue.told(last, "{person} is the only owner. Make somebody else owner first: /team")
    asked = await mia.asks("forget")
    scene.tongue.told(asked, "Forget you?", "Memoria")
    assert mia.name in (await owner.asks("team")).text
    await mia.presses("Confirm", on=asked)
    assert mia.name not in (await owner.asks("team")).text
    greeted = await mia.asks("start")
    scene.tongue.told(
        greeted, "Not a partner yet? Apply with {command} and the name of your company."
    )


@STORIES.about("leave")
async def left(scene):
    owner, sofia = await scene.partner("Despedida"), await scene.staff()
    await owner.says("new", "adeus-1 adeus-2")
    await owner.confirms("subscribe", "adeus-1")
    asked = await owner.asks("leave")
    scene.tongue.told(asked, "End the partnership of {partner}?", "adeus-1", "adeus-2")
    await owner.presses("Back", on=asked)
    assert (await scene.world.platform())["adeus-2"] == "trial"
    mia = await invited(scene, owner, "manager")
    scene.tongue.told(
        await mia.asks("leave"),
        "⛔ Your role does not allow that.",
    )
    await owner.confirms("leave", "")
    held = await scene.world.platform()
    assert held["adeus-1"] == "active"
    assert held.get("adeus-2") in {None, "deleted"}
    assert "Despedida" in (await sofia.last()).text
    over = await owner.asks("new", "adeus-3")
    scene.tongue.told(
        over,
        "The partnership was ended {since}: nothing new can begin. Invoices can still be read and "
        "paid.",
    )
