"""What Stripe's library raises, sorted into a no and a silence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import TypeVar

import aiohttp
import stripe
import structlog

from billing.services.ports.cards import CardsRefused, CardsSilent

log = structlog.get_logger(__name__)
T = TypeVar("T")

LONGEST_REASON = 300
# A key that was sent with other arguments before.
USED_KEY = "idempotency_error"


async def found_or_none(asking: Awaitable[T]) -> T | None:
    """Return what is asked for, or None if Stripe has no such thing."""
    try:
        return await asking
    except stripe.InvalidRequestError as error:
        if error.code == "resource_missing":
            return None
        raise


@asynccontextmanager
async def sorted_out(*, key_is_asked: bool = False) -> AsyncIterator[None]:
    """
    Sort what goes wrong into a no and a silence.

    A key that is not accepted is a silence: nothing was done, and somebody will give a good
    one. It is a no only where the question was whether it is.
    """
    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        why = f"Stripe does not accept the key: {_said(error)}"
        if key_is_asked:
            raise CardsRefused(why, "key") from None
        raise CardsSilent(why) from None
    except (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError) as error:
        log.info("Stripe refuses", code=error.code, request=error.request_id)
        code = USED_KEY if isinstance(error, stripe.IdempotencyError) else error.code
        raise CardsRefused(_said(error), code or "") from None
    except stripe.RateLimitError as error:
        raise CardsSilent(f"Stripe asks for patience: {_said(error)}") from None
    except stripe.APIConnectionError as error:
        raise CardsSilent(f"no answer: {type(error.__cause__).__name__}") from None
    except stripe.StripeError as error:
        raise CardsSilent(f"HTTP {error.http_status}: {_said(error)}") from None
    except (aiohttp.ClientError, TimeoutError) as error:
        # Cut while the answer was read: the library does not look there.
        raise CardsSilent(f"no answer: {type(error).__name__}") from None


def _said(error: stripe.StripeError) -> str:
    return (error.user_message or "without a reason")[:LONGEST_REASON]
