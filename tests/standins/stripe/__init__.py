"""
Stripe in a box: what the bot uses of it, stateful, over HTTP.

Written from Stripe's documentation of API version 2026-10-28 (periods on the subscription's
items, an invoice's subscription in its `parent`, its payments in a list), with the habits that
matter: idempotency keys, a subscription's period that moves before it is paid, retries of a
failed payment, sessions that expire, events in an order of their own.
"""

from tests.standins.stripe.standin import Stripe

__all__ = ["Stripe"]
