"""
Which rows of instances are regular: those with one line, the month's, that need only be counted.

An instance is regular when the month is the first one that it is not billed for (`billed_until`
is where it starts, or it was subscribed in it) and it is billed for it. Whoever is not surely
regular may be taken for one that is not: all others are drawn up one by one. The conditions are
of instances that owe lines (`following.py`).
"""

from functools import lru_cache

from billing.regular import Regular
from storage.engine.instants import to_micros
from storage.engine.rows import listed
from storage.engine.transaction import Parameter

Parameters = dict[str, Parameter]

# What an instance is billed up to, as one that follows its partner has it.
BILLED_UNTIL = """
(CASE follows WHEN 1 THEN (SELECT billed_until FROM partners WHERE id = instances.partner_id)
              ELSE billed_until END)
"""


def span(of: Regular) -> Parameters:
    """Return the parameters of the conditions below."""
    _, without = listed("without", sorted(of.without))
    return {**without, "start": to_micros(of.start), "end": to_micros(of.end)}


def is_regular(of: Regular) -> str:
    """Return the condition."""
    return _condition(BILLED_UNTIL, len(of.without))


def alone_is_regular(of: Regular) -> str:
    """Return the condition of an instance that does not follow its partner."""
    return _condition("billed_until", len(of.without))


def is_irregular(of: Regular) -> str:
    """Return that an instance is none of the regular ones, also where a value is missing."""
    return f"CASE WHEN {is_regular(of)} THEN 0 ELSE 1 END = 1"


# Nearly always there is nobody without, and the text is the same.
@lru_cache(maxsize=64)
def _condition(billed_until: str, without: int) -> str:
    names, _ = listed("without", [""] * without)
    return f"""
(CASE WHEN {billed_until} = :start
      THEN billable_until IS NULL OR billable_until > :start
      WHEN {billed_until} IS NULL
      THEN subscribed_at >= :start AND (billable_until IS NULL OR billable_until >= subscribed_at)
      ELSE 1 = 0 END
 AND instances.id NOT IN ({names}))
"""
