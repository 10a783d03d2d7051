"""Telegram in a box: a Bot API server, a chat page for people, a movable clock."""
