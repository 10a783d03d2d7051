"""Folds what people type, so that the same thing is the same text in an index."""

import unicodedata


def fold(text: str) -> str:
    """
    Return a name or reference without case, accents, outer and doubled spaces.

    Compatible signs become one (full-width digits, ligatures). Folding twice changes nothing.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    # Case folding can bring forth signs that come apart again.
    apart = unicodedata.normalize("NFKD", plain)
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(bare.split())
