"""Figures as a picture: plain SVG, drawn here so that it can be drawn anew anywhere."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 44, 46


def plot(rows: Sequence[Mapping[str, float]]) -> str:
    """Draw the time per instance over the number of instances: the close, the bare statements."""
    each = {
        name: [row[name] / row["instances"] * 1e6 for row in rows] for name in ("close", "bare")
    }
    top = math.ceil(max(map(max, each.values())) / 5) * 5
    sizes = [row["instances"] for row in rows]
    low, high = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: float) -> float:
        share = (math.log10(size) - low) / (high - low) if high > low else 0.5
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(micros: float) -> float:
        return HEIGHT - BOTTOM - micros / top * (HEIGHT - TOP - BOTTOM)

    parts = [_HEAD.format(width=WIDTH, height=HEIGHT)]
    for mark in range(0, top + 1, 5):
        parts.append(_line(LEFT, y(mark), WIDTH - RIGHT, y(mark), "grid"))
        parts.append(_text(LEFT - 8, y(mark) + 4, str(mark), "end"))
    parts += [_text(x(size), HEIGHT - BOTTOM + 20, f"{size:,.0f}", "middle") for size in sizes]
    for name, values in each.items():
        points = " ".join(f"{x(s):.1f},{y(v):.1f}" for s, v in zip(sizes, values, strict=True))
        parts.append(f'<polyline class="{name}" points="{points}"/>')
        for size, value in zip(sizes, values, strict=True):
            parts.append(f'<circle class="{name}" cx="{x(size):.1f}" cy="{y(value):.1f}" r="4"/>')
            parts.append(_text(x(size), y(value) - 10, f"{value:.1f}", "middle"))
    parts.append(
        _text(LEFT, 20, "µs per instance: the close, and below it bare statements", "start")
    )
    parts.append(_text(WIDTH / 2, HEIGHT - 8, "subscribed instances, a hundred of each partner"))
    return "\n".join([*parts, "</svg>", ""])


def _line(x1: float, y1: float, x2: float, y2: float, name: str) -> str:
    return f'<line class="{name}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


_HEAD = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">
<style>
rect {{ fill: #fff }} text {{ font: 12px sans-serif; fill: #333 }} .grid {{ stroke: #ddd }}
polyline {{ fill: none; stroke-width: 2 }} polyline.close {{ stroke: #1665c1 }}
circle.close {{ fill: #1665c1 }} polyline.bare {{ stroke: #8a8a8a }} circle.bare {{ fill: #8a8a8a }}
</style>
<rect width="100%" height="100%"/>"""
