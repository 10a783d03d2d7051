"""One module per subject: words or a button in, one use case, a card out."""
