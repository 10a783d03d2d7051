from billing.refusals import AlreadyDone, NoRight, Refusal


class TestARefusal:
    def test_is_a_code_and_facts(self):
        refusal = AlreadyDone(action="cancel", instance="K7Q2M")
        assert isinstance(refusal, Refusal)
        assert refusal.code == "already_done"
        assert refusal.facts == {"action": "cancel", "instance": "K7Q2M"}
        assert str(refusal) == "already_done {'action': 'cancel', 'instance': 'K7Q2M'}"

    def test_without_facts_is_its_code(self):
        assert str(NoRight()) == "no_right"
