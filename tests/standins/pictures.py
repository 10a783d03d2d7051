"""QR codes as the platforms draw them."""

import io

import segno


def qr(text: str) -> bytes:
    """Return it as a PNG."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=4)
    return drawn.getvalue()
