"""Invoices, their lines, and how far each instance is billed."""
