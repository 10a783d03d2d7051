"""A story for every command, told over HTTP in several languages."""
