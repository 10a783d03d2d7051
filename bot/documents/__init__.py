"""
Files that the desk makes: invoices, statements, tables, pictures.

A file is made when the message that brings it is sent, from the rows as they are then, in the
language of its reader. It knows no door: how it reaches anybody is not its matter.
"""

from bot.documents.making import Documents

__all__ = ["Documents"]
