"""The desk's few values."""


async def test_a_value_is_set_replaced_and_removed(desk):
    assert await desk.read(lambda work: work.state.get("halted")) is None
    for value in ("once", "twice"):
        await desk.write(lambda work, value=value: work.state.set("halted", value))
    assert await desk.read(lambda work: work.state.get("halted")) == "twice"
    await desk.write(lambda work: work.state.set("halted", None))
    assert await desk.read(lambda work: work.state.get("halted")) is None
