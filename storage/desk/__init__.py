"""The staff's desk: who sees to what, what was asked, what is kept of whom."""
