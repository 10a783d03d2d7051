"""Telegram: words in, one use case, facts out."""
