"""Instances, and what the messaging platform is asked to do to them."""
