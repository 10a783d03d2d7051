"""Rows of what is paid by card, as the use cases ask for them (see ports/card_rows.py)."""
