"""Between Telegram and the rows: what was received is kept first, what is sent was kept first."""
