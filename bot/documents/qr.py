"""QR codes: for a page of paper, and as pictures for a phone."""

from __future__ import annotations

from io import BytesIO

import segno

# A sheet that was folded loses more than a screen does.
CORRECTION = "m"
# Readers take any mask. To look for the best of the eight costs more than the rest of a page.
MASK = 3


def svg(text: str) -> str:
    """Return a QR code to be set on a page, with the quiet zone that it needs."""
    drawn = BytesIO()
    code = segno.make_qr(text, error=CORRECTION, mask=MASK)
    code.save(drawn, kind="svg", xmldecl=False, border=2, omitsize=True)
    return drawn.getvalue().decode()


def png(text: str, *, scale: int = 12) -> bytes:
    """Return a QR code as a picture, black on white with its quiet zone, for any theme."""
    drawn = BytesIO()
    segno.make_qr(text, error=CORRECTION).save(drawn, kind="png", scale=scale, border=4)
    return drawn.getvalue()
