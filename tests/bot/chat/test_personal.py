"""/export and /forget through the door."""

import json

from bot.documents import Documents
from bot.documents.kinds import KINDS
from bot.settings import Operator
from tests.bot.chat.talk import ADMIN, MANAGER, OWN_GROUP, OWNER, STRANGER
from tests.bot.documents.samples import Someone


class TestExporting:
    async def test_sends_a_file_with_what_is_kept_about_the_speaker(self, talk):
        await talk.create("loja-1", user=MANAGER)
        said = await talk.tell(MANAGER, "/exportar")
        assert said.facts["document"] == {"what": "person_json", "user_id": MANAGER}
        rendered = await talk.replies.render(said)
        name, content = rendered.document
        assert name == f"person-{MANAGER}.json"
        found = json.loads(content)
        assert [row["name"] for row in found["person"]] == ["Max"]
        assert [row["role"] for row in found["memberships"]] == ["manager"]
        assert found["memberships"][0]["joined_at"].startswith("2026-03-02T13:00:00")
        assert {"create", "export"} <= {row["action"] for row in found["actions"]}
        texts = [one["update"].get("message", {}).get("text") for one in found["updates"]]
        assert "/new loja-1," in texts
        assert "Olga" not in str(found["person"])

    async def test_of_a_stranger_is_what_there_is(self, talk):
        said = await talk.tell(STRANGER, "/export")
        documents = Documents(talk.store, KINDS, Operator())
        _, content = await documents.made(said.facts["document"], Someone())
        found = json.loads(content)
        assert [row["name"] for row in found["person"]] == ["Steve"]
        assert found["memberships"] == []

    async def test_is_private(self, talk):
        await talk.bind_groups()
        for words in ("/export", "/forget"):
            refused = await talk.tell(OWNER, words, OWN_GROUP)
            assert refused.facts["code"] == "wrong_place"


class TestForgetting:
    async def test_asks_once_and_says_what_stays(self, talk):
        await talk.say(MANAGER, "/language pt")
        asked = await talk.tell(MANAGER, "/esquecer")
        assert "Loja Norte" in asked.text
        assert await talk.sql(f"SELECT user_id FROM members WHERE user_id = {MANAGER}") != []
        [done, told] = await talk.press(MANAGER, asked, "confirm")
        assert (done.kind, told.kind, told.chat_id) == ("forgotten", "team_removed", OWNER)
        assert done.facts["spoken_in"] == "pt_BR"
        for table in ("persons", "members"):
            assert await talk.sql(f"SELECT * FROM {table} WHERE user_id = {MANAGER}") == []
        assert (await talk.tell(MANAGER, "/start")).kind == "greeting"

    async def test_of_the_last_owner_is_refused_with_what_to_do(self, talk):
        refused = await talk.tell(OWNER, "/forget")
        assert refused.facts["code"] == "last_owner"
        assert "/team" in refused.text

    async def test_is_not_done_by_a_button_of_before_if_that_is_no_longer_so(self, talk):
        await talk.sql(f"UPDATE members SET role = 'owner' WHERE user_id = {MANAGER}")
        asked = await talk.tell(OWNER, "/forget")
        await talk.sql(f"DELETE FROM members WHERE user_id = {MANAGER}")
        [refused] = await talk.press(OWNER, asked, "confirm")
        assert refused.facts["code"] == "last_owner"

    async def test_of_staff_is_an_admins_matter_first(self, talk):
        assert (await talk.tell(ADMIN, "/forget")).facts["code"] == "staff_stay"
