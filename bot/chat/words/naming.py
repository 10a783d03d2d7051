"""
How people name instances: ids, names, numbers in the list shown last, ranges, filters.

Pure: what is known is handed in. The id comes first, then the name, a number, a filter; what fits
none of these, or two of them, is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from billing.instances import Instance, State
from bot.chat.words.filters import filter_named
from bot.chat.words.understanding import NotUnderstood, QuoteOpen, folded, foreign_digits

READ_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
LIKE_AN_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{5,8}")
NUMBER = re.compile(r"[0-9]{1,6}")
# A list that was pasted may have dashes in front.
BULLET = re.compile(r"^\s*(?:[-–—]\s+|[•*]\s*)")
RANGE = re.compile(r"([0-9]{1,6})[-–]([0-9]{1,6})")
SEPARATORS = re.compile(r"[,;\r\n]+")
TOKEN = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')
NEAR = 3
NEAR_ENOUGH = 60


class NotInList(NotUnderstood):
    """The list shown last has no such number. Facts: `wanted`, `count`."""

    code = "not_in_list"


class RangeUnclear(NotUnderstood):
    """A range that ends before it begins. Facts: `wanted`."""

    code = "range_unclear"


class NothingNamed(NotUnderstood):
    """No instance is named."""

    code = "nothing_named"


class NothingMatches(NotUnderstood):
    """No instance is in that state. Facts: `filter`."""

    code = "nothing_matches"


class NoSuchFilter(NotUnderstood):
    """A list cannot be narrowed so. Facts: `wanted`."""

    code = "no_such_filter"


class UnknownName(NotUnderstood):
    """
    Nothing is called so, or several things are. Facts: `wanted`, `several`.

    `near` are those that may be meant; `anew` says it all again with one of them in its place.
    """

    code = "unknown_name"

    def __init__(
        self, wanted: str, near: Sequence[Instance], anew: Callable[[str], str], *, several: bool
    ) -> None:
        super().__init__(wanted=wanted[:64], several=several)
        self.wanted, self.near, self.anew, self.several = wanted, near, anew, several


@dataclass(frozen=True, slots=True)
class Known:
    """What can be named: the partner's instances, the list shown last, whose invoice is unpaid."""

    instances: Sequence[Instance]
    shown: Sequence[str] = ()
    unpaid: frozenset[str] = frozenset()
    by_id: dict[str, Instance] = field(init=False)
    by_name: dict[str, Instance] = field(init=False)

    def __post_init__(self) -> None:
        gone = {State.DELETED, State.FAILED}
        object.__setattr__(self, "by_id", {item.id: item for item in self.instances})
        living = {folded(item.name): item for item in self.instances if item.state not in gone}
        object.__setattr__(self, "by_name", living)


def id_of(word: str) -> str:
    """Return a word as an id is written: upper case, 0 for O, 1 for I and L."""
    return word.upper().translate(READ_ALIKE)


def possible_ids(words: str) -> list[str]:
    """Return what may be ids among words, to look them up."""
    tokens = {id_of(token) for token in re.split(r"[\s,;]+", words)}
    return sorted(token for token in tokens if LIKE_AN_ID.fullmatch(token))


def names_filter(words: str, chosen: str) -> bool:
    """Whether a filter may be among words."""
    return any(filter_named(token) == chosen for token in re.split(r"[\s,;]+", words))


def matching(known: Known, chosen: str) -> list[Instance]:
    """Return the living instances that a filter leaves."""
    living = list(known.by_name.values())
    if chosen == "all":
        return living
    if chosen == "unpaid":
        return [item for item in living if item.id in known.unpaid]
    return [item for item in living if item.state == chosen]


def instances(words: str, known: Known) -> list[str]:
    """
    Return the ids of the instances that are named, each once, in the order of the words.

    :raises NothingNamed, UnknownName, NotInList, RangeUnclear, NothingMatches, QuoteOpen:
    """
    whole = known.by_name.get(folded(words))
    if whole is not None and id_of(words.strip()) not in known.by_id:
        return [whole.id]
    found: list[str] = []
    for piece in SEPARATORS.split(words):
        tokens = tokens_of(BULLET.sub("", piece))
        at = 0
        while at < len(tokens):
            taken, ids = _first(tokens[at:], known, words)
            found += ids
            at += taken
    if not found:
        raise NothingNamed
    return list(dict.fromkeys(found))


def understood(words: str, known: Known) -> bool:
    """Whether the words name living instances."""
    try:
        return bool(instances(words, known))
    except NotUnderstood:
        return False


def leading(words: str, known: Known) -> tuple[str, str]:
    """
    Return the instance that the words begin with, and the words after it.

    :raises NothingNamed, UnknownName, NotInList:
    """
    found, rest = leading_as_said(words, known)
    return found, " ".join(tokens_of(rest))


def leading_as_said(words: str, known: Known) -> tuple[str, str]:
    """Return the same, the words after it with their quotation marks."""
    tokens = _tokens(words)
    if not tokens:
        raise NothingNamed
    taken, ids = _first([token for token, _ in tokens], known, words)
    if len(ids) != 1:
        raise UnknownName(tokens[0][0], [], str, several=True)
    return ids[0], words[tokens[taken - 1][1] :].strip(" ,;\r\n")


def tokens_of(words: str) -> list[str]:
    """
    Split words at blanks; what stands in quotation marks is one.

    :raises QuoteOpen:
    """
    return [token for token, _ in _tokens(words)]


def _tokens(words: str) -> list[tuple[str, int]]:
    """Return the tokens, and where in the words each ends."""
    tokens = []
    for found in TOKEN.finditer(words):
        quoted, curly, plain = (part or "" for part in found.groups())
        if plain[:1] in {'"', "“"} and plain:
            raise QuoteOpen(wanted=words[:64])
        token = quoted or curly or plain.strip(",;")
        if token.strip():
            tokens.append((token, found.end()))
    return tokens


def _first(tokens: Sequence[str], known: Known, words: str) -> tuple[int, list[str]]:
    """Read what comes first; return how many tokens that took, and what they name."""
    longest = max((name.count(" ") + 1 for name in known.by_name), default=1)
    for count in range(min(longest, len(tokens)), 1, -1):
        named = known.by_name.get(folded(" ".join(tokens[:count])))
        if named is not None:
            return count, [named.id]
    return 1, _one(tokens[0], known, words)


def _one(token: str, known: Known, words: str) -> list[str]:
    of_id, of_name = known.by_id.get(id_of(token)), known.by_name.get(folded(token))
    if of_id is not None and of_name is not None and of_id != of_name:
        raise _unknown(token, [of_id, of_name], words, several=True)
    if found := of_id or of_name:
        return [found.id]
    if NUMBER.fullmatch(token):
        return [_numbered(int(token), token, known)]
    if ends := RANGE.fullmatch(token):
        return _range(int(ends[1]), int(ends[2]), token, known)
    chosen = filter_named(token)
    if chosen is not None:
        matched = [item.id for item in matching(known, chosen)]
        if not matched:
            raise NothingMatches(filter=chosen)
        return matched
    raise _unknown(token, _near(token, known), words, several=False)


def _unknown(token: str, near: Sequence[Instance], words: str, *, several: bool) -> UnknownName:
    def anew(instance_id: str) -> str:
        return words.replace(token, instance_id, 1)

    return UnknownName(token, near, anew, several=several)


def _numbered(number: int, token: str, known: Known) -> str:
    if not 1 <= number <= len(known.shown):
        raise NotInList(wanted=token, count=len(known.shown))
    return known.shown[number - 1]


def _range(first: int, last: int, token: str, known: Known) -> list[str]:
    if first > last:
        raise RangeUnclear(wanted=token)
    _numbered(first, token, known)
    _numbered(last, token, known)
    return list(known.shown[first - 1 : last])


def _near(token: str, known: Known) -> list[Instance]:
    if foreign_digits(token):
        return []
    found = process.extract(
        folded(token)[:64],
        list(known.by_name),
        scorer=fuzz.WRatio,
        limit=NEAR,
        score_cutoff=NEAR_ENOUGH,
    )
    return [known.by_name[name] for name, _, _ in found]
