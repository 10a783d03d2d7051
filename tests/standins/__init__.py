"""
Servers that stand in for other companies': stateful, with their odd habits, over real HTTP.

Each module (or package) of here has `made(now) -> StandIn`; `python -m tests.standins NAME --
COMMAND…` runs a command with it beside. Written from what the providers publish; where they publish
nothing the stand-in takes the more awkward of what is possible.
"""
