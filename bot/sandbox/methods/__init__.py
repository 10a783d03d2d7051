"""The Bot API's methods, one module for each thing they are about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.sandbox.exchange import Exchange
from bot.sandbox.parameters import Parameters

Method = Callable[[Exchange, Parameters], Awaitable[Any]]
Methods = Mapping[str, Method]
