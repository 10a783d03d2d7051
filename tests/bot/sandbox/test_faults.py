import pytest

from bot.sandbox.errors import Mistake
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.keeper import Keeper


@pytest.fixture
def keeper():
    keeper = Keeper(None)
    yield keeper
    keeper.close()


class TestFaults:
    def test_are_used_up_in_the_order_they_were_ordered(self, keeper):
        faults = Faults(keeper)
        faults.order(Fault("sendMessage", "429", 1))
        faults.order(Fault("sendMessage", "500", 1))
        taken = [faults.take("sendmessage", "7") for _ in range(3)]
        assert [one and one.kind for one in taken] == ["429", "500", None]

    def test_outlive_the_process(self, keeper):
        Faults(keeper).order(Fault("sendMessage", "403", 2, chat_id=7))
        again = Faults(keeper)
        assert again.take("sendmessage", "8") is None
        assert again.take("sendmessage", "@seven") is None
        assert again.take("sendmessage", "7") is not None
        assert again.take("sendmessage", "7") is not None
        assert Faults(keeper).take("sendmessage", "7") is None

    def test_of_an_unknown_kind_are_refused(self, keeper):
        with pytest.raises(Mistake, match="kind"):
            Faults(keeper).order(Fault("sendMessage", "rain", 1))
