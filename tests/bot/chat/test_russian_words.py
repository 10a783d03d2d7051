"""What Russians write beside names and numbers means what the same words mean in English."""

from datetime import date

import pytest

from billing.calendar import Month
from billing.days.extensions import ByDays, ToRemaining, UntilDate
from billing.partners import Role, StaffRole
from bot.chat import commands
from bot.chat.handlers import explaining, notices, support, team
from bot.chat.meaning import is_greeting
from bot.chat.tables import rows
from bot.chat.words import amounts, customers, dates, days, filters, grammar
from bot.chat.words.amounts import Amount, AmountUnclear
from bot.chat.words.days import Auto, Channels, Days, Monthly
from bot.chat.words.understanding import folded


class TestDays:
    @pytest.mark.parametrize(
        ("words", "meant"),
        [
            ("75 каналов", Channels(75)),
            ("1 канал", Channels(1)),
            ("2250 дней", Days(2250)),
            ("2 дня", Days(2)),
            ("30дней", Days(30)),
            ("ежемесячно вкл", Monthly(True)),
            ("Ежемесячно выключить", Monthly(False)),
            ("ежемесячно", Monthly(None)),
        ],
    )
    def test_are_bought(self, words, meant):
        assert days.purchase(words) == meant

    @pytest.mark.parametrize(
        ("words", "names", "form"),
        [
            ("магазин-1 30", "магазин-1", ByDays(30)),
            ("магазин-1 30 дней", "магазин-1", ByDays(30)),
            ("магазин-1 на 30 дней", "магазин-1", ByDays(30)),
            ("все до 30", "все", ToRemaining(30)),
            ("все до 30 дней", "все", ToRemaining(30)),
            ("все до 14.03.2026", "все", UntilDate(date(2026, 3, 14))),
            # With nothing before it, it is what an instance is called.
            ("на 30", "на", ByDays(30)),
        ],
    )
    def test_extend(self, words, names, form):
        read = days.extension(words, language="ru")
        assert (read.names, read.form) == (names, form)

    def test_elsewhere_by_is_a_name(self):
        assert days.extension("b на 30", language="en").names == "b на"

    def test_until_asks_for_a_day(self):
        read = days.extension("все до", language="ru")
        assert (read.names, read.form, read.asks) == ("все", None, "date")

    def test_may_be_taken_by_themselves(self):
        assert days.auto("все вкл 60 дней") == Auto("все", True, 60, "вкл 60")
        assert days.auto("4-9 выкл") == Auto("4-9", False, None, "выкл")
        assert days.limit("300 дней") == 300
        assert days.limit("выкл") is None


class TestAmounts:
    @pytest.mark.parametrize(
        ("text", "minor", "currency"),
        [
            ("1 234,56", 123456, None),
            # As it is copied from a message.
            ("1 234 567,89 R$", 123456789, "BRL"),
            ("1\xa0234,56\xa0R$", 123456, "BRL"),
            ("12 345", 1234500, None),
        ],
    )
    def test_may_hold_blanks(self, text, minor, currency):
        assert amounts.amount(text) == Amount(minor, currency)

    @pytest.mark.parametrize("text", ["1 23,45", "1234 567,89", "1 2345"])
    def test_hold_them_between_thousands_alone(self, text):
        with pytest.raises(AmountUnclear):
            amounts.amount(text)

    @pytest.mark.parametrize(
        ("words", "found", "taken"),
        [
            ("1 234,56 TED-1", Amount(123456, None), 2),
            ("R$ 1 234,56 за сбой", Amount(123456, "BRL"), 3),
            ("1 234,56 R$ TED-1", Amount(123456, "BRL"), 3),
            ("59,90 100", Amount(5990, None), 1),
            ("59 R$ 100", Amount(5900, "BRL"), 2),
            ("59 1000", Amount(5900, None), 1),
            ("R$", None, 1),
        ],
    )
    def test_come_before_other_words(self, words, found, taken):
        if found is None:
            with pytest.raises(AmountUnclear):
                amounts.leading(words.split())
        else:
            assert amounts.leading(words.split()) == (found, taken)

    def test_with_blanks_and_no_cents_are_never_guessed(self):
        """`1 234 TED-1` may be a thousand, or 1 with the reference `234 TED-1`."""
        with pytest.raises(AmountUnclear) as unclear:
            grammar.payment("INT-2026-00001 1 234 TED-1", language="ru")
        assert unclear.value.facts["why"] == "ambiguous"

    def test_with_blanks_are_booked(self):
        read = grammar.payment("INT-2026-00001 1 234,56 R$ TED-1 09.03.2026", language="ru")
        assert (read.amount, read.reference) == (Amount(123456, "BRL"), "TED-1")
        assert read.received_on == date(2026, 3, 9)


@pytest.mark.parametrize(
    "words", ["март 2026", "Марта 2026", "март 2026 г.", "мар. 2026", "март/2026", "03/2026"]
)
def test_months_are_read_however_they_are_declined(words):
    assert dates.month(words, language="ru") == Month(2026, 3)


def test_a_month_without_its_year_is_the_last_one():
    assert dates.month("май", language="ru", present=Month(2026, 3)) == Month(2025, 5)


@pytest.mark.parametrize(
    ("word", "chosen"),
    [
        ("все", "all"),
        ("Всё", "all"),
        ("пробные", "trial"),
        ("остановленные", "stopped"),
        ("активные", "active"),
        ("с подпиской", "active"),
        ("отменённые", "cancelled"),
        ("отмененные", "cancelled"),
        ("просроченные", "overdue"),
        ("неоплаченные", "unpaid"),
        ("завершённые", "ended"),
        ("удалённые", "ended"),
    ],
)
def test_lists_are_narrowed(word, chosen):
    assert filters.list_filter_named(word) == chosen


def test_a_customer_has_paid_until_a_day():
    read = customers.customer(
        "Пекарня 59,90 оплачено до 14.03.2026", language="ru", today=date(2026, 3, 2)
    )
    assert (read.name, read.price) == ("Пекарня", Amount(5990, None))
    assert read.paid_until == date(2026, 3, 14)


def test_tables_may_name_their_columns():
    text = "партнёр;программа;инстанс;оплачено до;перевести;цена;баланс\nAcme;days;a;;нет;1;30 дней"
    (row,) = rows.rows(text, language="ru")
    assert (row.partner, row.programme, row.instance, row.days) == ("Acme", "days", "a", 30)
    assert row.migrate is False


def test_roles_and_switches_are_called_in_russian():
    assert grammar.appointment("7 поддержка").role is StaffRole.SUPPORT
    assert grammar.appointment("7 финансы").role is StaffRole.FINANCE
    assert grammar.appointment("7 убрать").role is None
    assert team.ROLES["владелец"] is Role.OWNER
    assert "пригласить" in team.INVITE
    assert "тишина" in notices.QUIET
    assert "отменить" in explaining.CANCEL
    assert support.SEGMENTS[folded("просроченные")] == "overdue"


@pytest.mark.parametrize("text", ["Привет!", "Здравствуйте", "добрый день", "Добрый вечер."])
def test_a_greeting_is_one(text):
    assert is_greeting(text)


def test_menus_name_commands_by_words_that_telegram_takes():
    named = [command.called_in("ru") for command in commands.TABLE]
    assert len(set(named)) == len(named)
    assert [name for name in named if not name.isascii() or len(name) > 32] == []


class TestCommands:
    @pytest.mark.parametrize(
        ("text", "name", "words"),
        [
            ("список просроченные", "list", "просроченные"),
            ("/Счёт INT-2026-00001", "invoice", "INT-2026-00001"),
            ("помощь", "help", ""),
            ("/podpiska магазин-1", "subscribe", "магазин-1"),
            ("отменить", "cancel", ""),
        ],
    )
    def test_are_understood_in_either_script(self, text, name, words):
        called = grammar.called(text, username="desk_bot", private=True)
        assert called.command.name == name
        assert called.words == words

    def test_are_called_so_by_who_speaks_russian(self):
        assert commands.COMMANDS["list"].is_called("Список", "ru")
        assert not commands.COMMANDS["list"].is_called("список", "en")
        assert not commands.COMMANDS["show"].is_called("список", "ru")

    def test_are_all_there_in_the_own_letters(self):
        # The word for it begins many a sentence.
        assert set(commands.COMMANDS) - set(commands.IN_CYRILLIC.values()) == {"as"}
        assert set(commands.IN_CYRILLIC.values()) <= set(commands.COMMANDS)
