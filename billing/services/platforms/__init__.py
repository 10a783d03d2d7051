"""What the messaging platforms were seen to hold: links, the night's comparison, what is done."""
