import pytest

from billing.catalogue import SHIPPED, ProgrammeRefused, Programmes, load
from tests.billing.samples import CLASSIC, DAYS, INTEGRATOR, PROGRAMMES


class TestAFolderOfProgrammes:
    def test_is_refused_when_it_has_none(self, tmp_path):
        with pytest.raises(ProgrammeRefused, match=r"no programme"):
            load(tmp_path)

    def test_is_refused_for_a_file_that_is(self, tmp_path):
        (tmp_path / "days.toml").write_bytes((SHIPPED / "days.toml").read_bytes())
        (tmp_path / "mine.toml").write_text("id =", encoding="utf-8")
        with pytest.raises(ProgrammeRefused, match=r"^mine\.toml: "):
            load(tmp_path)

    def test_is_refused_for_everything_that_is_wrong_in_a_file(self, tmp_path):
        text = (SHIPPED / "days.toml").read_text(encoding="utf-8")
        wrong = text.replace('zone = "UTC"', "").replace("hours = 120", "")
        (tmp_path / "mine.toml").write_text(wrong, encoding="utf-8")
        with pytest.raises(ProgrammeRefused) as refused:
            load(tmp_path)
        first, second = str(refused.value).split("; ")
        assert first.endswith("zone: Field required")
        assert second.startswith("mine.toml, line ")
        assert second.endswith("trial.hours: Field required")

    def test_is_refused_when_a_version_comes_twice(self):
        with pytest.raises(ProgrammeRefused, match="integrator: version 1 comes twice"):
            Programmes([INTEGRATOR, INTEGRATOR])

    def test_is_refused_when_two_programmes_would_share_a_series_of_invoice_numbers(self):
        with pytest.raises(ProgrammeRefused, match="integrator-classic: invoice_prefix 'INT'"):
            Programmes([INTEGRATOR, CLASSIC.model_copy(update={"invoice_prefix": "INT"})])

    def test_keeps_every_version_and_enrols_in_the_newest(self):
        newer = [INTEGRATOR.model_copy(update={"version": number}) for number in (10, 9)]
        programmes = Programmes([*newer, INTEGRATOR, DAYS])
        assert programmes.get("integrator", 1) is INTEGRATOR
        assert programmes.latest() == (DAYS, newer[0])
        assert programmes.all() == (DAYS, INTEGRATOR, newer[1], newer[0])
        assert programmes.newest("integrator") is newer[0]
        assert programmes.newest("nobodys") is None

    def test_has_no_version_that_is_gone(self):
        with pytest.raises(KeyError):
            PROGRAMMES.get("integrator", 2)
