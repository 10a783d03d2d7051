"""The schema, as numbered plain SQL files in sql/; migrate.py brings a database up to the last."""
