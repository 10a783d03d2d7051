"""The embedded platform keeps its instances as a stranger would."""

from dataclasses import replace

from storage.instances.embedded import EmbeddedInstance, EmbeddedInstances
from tests.storage.stocked import HOUR, NOW

ONE = EmbeddedInstance("K7Q2M", "loja", "token", "trial", False, NOW, paid_until=NOW + HOUR)


class TestEmbeddedInstances:
    async def test_are_created_once_however_often_it_is_asked(self, desk):
        assert await desk.database.write(lambda tx: EmbeddedInstances(tx).add(ONE))
        again = replace(ONE, token="other")
        assert not await desk.database.write(lambda tx: EmbeddedInstances(tx).add(again))
        assert await desk.database.read(lambda tx: EmbeddedInstances(tx).find("K7Q2M")) == ONE
        assert await desk.database.read(lambda tx: EmbeddedInstances(tx).find("NONE1")) is None

    async def test_change_until_they_are_deleted(self, desk):
        await desk.database.write(lambda tx: EmbeddedInstances(tx).add(ONE))

        async def turn(state: str) -> bool:
            return await desk.database.write(
                lambda tx: EmbeddedInstances(tx).set_state("K7Q2M", state)
            )

        assert await turn("active")
        assert await turn("deleted")
        assert await turn("deleted")
        assert not await turn("active")

    async def test_are_listed_as_they_were_made(self, desk):
        late = replace(ONE, id="A", created_at=NOW + HOUR)
        early = replace(ONE, id="B", connected=True)
        for one in (late, early):
            await desk.database.write(lambda tx, one=one: EmbeddedInstances(tx).add(one))
        found = await desk.database.read(lambda tx: EmbeddedInstances(tx).all())
        assert found == [early, late]
