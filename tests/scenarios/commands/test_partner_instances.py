"""A partner's instances, command by command."""

from __future__ import annotations

import pytest

from tests.scenarios.commands.telling import Scene, Speaker, Stories
from tests.scenarios.commands.tongues import CODES

STORIES = Stories(*CODES)
TAKEN = "You have an instance {name} already: {instance}. Choose another name."


@pytest.mark.parametrize("code", STORIES.codes)
async def test_stories(code):
    await STORIES.tell(code)


async def state(scene: Scene, name: str) -> str | None:
    return (await scene.world.platform()).get(name)


async def with_trials(scene: Scene, company: str, *names: str) -> Speaker:
    """Return the owner of a new partner that tries instances of these names."""
    owner = await scene.partner(company)
    await owner.says("new", " ".join(names))
    return owner


@STORIES.about("new", "list")
async def created_and_listed(scene):
    carla = await scene.partner("Novas")
    created = await carla.asks("new", "nova-1, nova-2")
    scene.tongue.told(created, "✅ {n} instance created.", "nova-1", "nova-2")
    assert await state(scene, "nova-1") == "trial"
    listed = await carla.asks("list")
    assert "nova-1" in listed.text
    assert "nova-2" in listed.text

    twice = await carla.asks("new", "nova-1")
    scene.tongue.told(twice, TAKEN)
    number = await carla.asks("new", "nova-3 77")
    scene.tongue.told(
        number, "{name} is a number, and numbers choose from the list. Add a letter: {example}"
    )
    assert await state(scene, "nova-3") is None
    empty = await carla.asks("list", "purple")
    scene.tongue.told(empty, "A list cannot be narrowed to {wanted}. It can be: {filters}.")
    assert (await carla.asks("list")).text == listed.text


@STORIES.about("new")
async def asked_for_names(scene):
    carla = await scene.partner("Perguntas")
    asked = await carla.asks("new")
    scene.tongue.told(asked, "{command} leaves the question.")
    await carla.writes('"zona sul"')
    assert await state(scene, "zona sul") == "trial"


@STORIES.about("show")
async def shown(scene):
    carla = await with_trials(scene, "Vistas", "vista-1")
    card = await carla.asks("show", "vista-1")
    scene.tongue.told(card, "State: {state}", "vista-1")
    assert scene.tongue.label("Subscribe") in card.labels
    near = await carla.asks("show", "vistas-1")
    scene.tongue.told(near, "There is no instance {wanted}. Did you mean…")
    await carla.human.presses("vista-1", on=near)
    scene.tongue.told(await carla.last(), "State: {state}", "vista-1")


@STORIES.about("subscribe", "cancel", "keep")
async def subscribed_cancelled_kept(scene):
    carla = await with_trials(scene, "Assinaturas", "casa-1", "casa-2")
    asked = await carla.confirms("subscribe", "casa-1")
    scene.tongue.told(asked, "Subscribe {instance}?", "59")
    assert await state(scene, "casa-1") == "active"
    again = await carla.asks("subscribe", "casa-1")
    scene.tongue.told(again, "It is subscribed already, since {since}.")

    trial = await carla.asks("cancel", "casa-2")
    scene.tongue.told(
        trial,
        "It is in its trial (until {at}): nothing is owed and nobody has to cancel it. You can "
        "delete it now, or let it end by itself.",
    )
    asked = await carla.confirms("cancel", "casa-1")
    scene.tongue.told(asked, "Last moment of service: {end}")
    shown = await carla.asks("show", "casa-1")
    scene.tongue.told(shown, "Cancelled: {at}")

    wrong = await carla.asks("keep", "casa-2")
    scene.tongue.told(wrong, "It is not cancelled ({state}): there is nothing to keep.")
    asked = await carla.confirms("keep", "casa-1")
    scene.tongue.told(asked, "Keep {instance}, and withdraw its cancellation?")
    shown = await carla.asks("show", "casa-1")
    assert not scene.tongue.tells(shown, "Cancelled: {at}")
    assert scene.tongue.label("Cancel instance") in shown.labels


@STORIES.about("cancel")
async def alone_it_only_leaves_a_question(scene):
    carla = await with_trials(scene, "Duvidas", "porta-1")
    asked = await carla.asks("subscribe", "porta-1")
    left = await carla.asks("cancel")
    scene.tongue.told(left, "Fine, never mind. Nothing was changed.")
    labels = next(one for one in await carla.human.heard() if one.message_id == asked.message_id)
    assert scene.tongue.label("Confirm") not in labels.labels
    assert await state(scene, "porta-1") == "trial"


@STORIES.about("delete")
async def deleted(scene):
    carla = await with_trials(scene, "Sumidas", "fim-1", "fim-2")
    unknown = await carla.asks("delete", "xyz")
    scene.tongue.told(unknown, "There is no instance {wanted}. /list shows yours.")
    asked = await carla.asks("delete", "fim-1")
    scene.tongue.told(asked, "Delete {instance}, now and for good?")
    assert await state(scene, "fim-1") == "trial"
    await carla.presses("Back", on=asked)
    assert await state(scene, "fim-1") == "trial"
    await carla.confirms("delete", "fim-1")
    assert await state(scene, "fim-1") in {None, "deleted"}
    assert await state(scene, "fim-2") == "trial"


@STORIES.about("rename", "customer")
async def labelled(scene):
    carla = await with_trials(scene, "Rotulos", "velha-1", "outra-1")
    renamed = await carla.asks("rename", "velha-1 novinha-1")
    scene.tongue.told(renamed, "✅ {before} is now {instance}.", "novinha-1")
    listed = await carla.asks("list")
    assert "novinha-1" in listed.text
    assert "velha-1" not in listed.text
    taken = await carla.asks("rename", "novinha-1 outra-1")
    scene.tongue.told(taken, TAKEN)
    await carla.says("cancel")

    await carla.says("customer", "novinha-1 Padaria 99.90")
    wrong = await carla.asks("customer", "novinha-1 Padaria -5.00")
    scene.tongue.told(
        wrong, "{wanted} is less than nothing. An amount looks like {plain} or {large}."
    )
    shown = await carla.asks("show", "novinha-1")
    scene.tongue.told(shown, "Customer: {customer}", "Padaria")


@STORIES.about("pair")
async def paired(scene):
    carla = await with_trials(scene, "Pares", "fone-1")
    unclear = await carla.asks("pair", "fone-1 soon")
    scene.tongue.told(
        unclear, "{wanted} is no phone number. With the code of its country: {example}"
    )
    shown = await carla.asks("pair", "fone-1 +55 11 98765-4321")
    held = await scene.world.get("platform/instances")
    found = next(one["id"] for one in held if one["name"] == "fone-1")
    await scene.world.post(f"platform/instances/{found}/link", {"connected": True})
    await scene.world.advance("1m")
    assert (await carla.last()).message_id == shown.message_id
    scene.tongue.told(await carla.asks("show", "fone-1"), "📱 Connected")
