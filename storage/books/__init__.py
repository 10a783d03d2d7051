"""The books: entries, the audit, the chains that prove them, and their figures."""
