"""SQLite behind one face: units of work, the schema, what every repository asks."""
