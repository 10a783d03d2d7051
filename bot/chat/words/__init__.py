"""What people type, as values: commands, names, days, amounts. Nothing is looked up here."""
