"""Money that came in and went out, its proofs, and what waits for a second person."""
