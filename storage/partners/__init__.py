"""Partners, the people who act for them, and the terms they are under."""
