"""Tables that people send: a file, a spreadsheet, pasted lines; to rows of what they are about."""
