"""The operator's one switch: under which key the desk keeps why stops and deletions are halted."""

HALTED = "halted"
