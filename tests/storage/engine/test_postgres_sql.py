"""The one SQL text as psycopg takes it: what is said stays as it is, whatever it holds."""

import re

from hypothesis import given
from hypothesis import strategies as st

from storage.engine.postgres_sql import translated

ANYTHING = st.text("ab:%'\"-/* \n", max_size=12)
NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def named(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


# Each piece with the parameter it names, if it is one.
PIECES = st.one_of(
    st.tuples(ANYTHING.map(quoted), st.none()),
    st.tuples(ANYTHING.map(named), st.none()),
    st.tuples(ANYTHING.map(lambda text: f"--{text}".replace("\n", "") + "\n"), st.none()),
    st.tuples(ANYTHING.map(lambda text: f"/*{text.replace('*', '')}*/"), st.none()),
    st.tuples(
        st.sampled_from(["SELECT a", "a::text", "5 % 2", "x::int::bigint", "(1)"]), st.none()
    ),
    NAMES.map(lambda name: (f":{name}", name)),
    NAMES.map(lambda name: (f":{name}::text", name)),
)


def as_psycopg_reads(statement: str) -> tuple[str, list[str]]:
    """Return what psycopg sends, with :name again for what it takes for a parameter."""
    names: list[str] = []

    def piece(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        names.append(found[1])
        return f":{found[1]}"

    assert re.fullmatch(r"(?:[^%]|%%|%\(\w+\)s)*", statement), statement
    return re.sub(r"%%|%\((\w+)\)s", piece, statement), names


@given(st.lists(PIECES, max_size=8))
def test_only_parameters_become_parameters(pieces):
    sql = " ".join(text for text, _ in pieces)
    sent, names = as_psycopg_reads(translated(sql).decode())
    assert sent == sql
    assert names == [name for _, name in pieces if name is not None]


@given(st.text())
def test_nothing_said_is_lost_whatever_it_is(text):
    assert as_psycopg_reads(translated(text).decode())[0] == text


def test_a_statement_of_all_kinds_comes_out_as_it_should():
    sql = "SELECT ':no' || :yes, a::text, \":no\" FROM t -- :no %\n WHERE x % 2 = :two /* :no */"
    assert translated(sql) == (
        b"SELECT ':no' || %(yes)s, a::text, \":no\" FROM t -- :no %%\n"
        b" WHERE x %% 2 = %(two)s /* :no */"
    )
