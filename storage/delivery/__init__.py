"""What came in and what has to be said: rows before anything is acknowledged or sent."""
