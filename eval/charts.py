"""Charts as SVG, for the staff's pages and for reports that open without a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

INK, SOFT, LINE, BLUE, TINT = "#1b2733", "#566473", "#dbe2ea", "#1a5799", "#cfe0f1"
WIDTH = 520  # units; text of 13 reads well where a chart fills half a page


@dataclass(frozen=True)
class Bar:
    """A share, 0 to 1, with its 95 % interval and how many cases it stands on."""

    name: str
    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Point:
    """A run in a history. Shares are 0 to 1."""

    label: str  # under the axis
    title: str  # on hovering
    value: float
    low: float
    high: float
    link: str = ""


def bars(rows: Sequence[Bar], title: str) -> Markup:
    """Shares of groups as horizontal bars, with their intervals as whiskers."""
    left, right, step = 84, 104, 28
    wide = WIDTH - left - right
    parts = []
    for number, row in enumerate(rows):
        y = number * step + 6
        x = left + wide * row.value
        low, high = left + wide * row.low, left + wide * row.high
        middle = y + 9
        parts.append(
            f'<text x="{left - 10}" y="{middle + 5}" text-anchor="end" fill="{INK}">{escape(row.name)}</text>'
            f'<rect x="{left}" y="{y}" width="{wide}" height="18" rx="3" fill="#eef2f6"/>'
            f'<rect x="{left}" y="{y}" width="{x - left:.1f}" height="18" rx="3" fill="{BLUE}"/>'
            f'<path d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8" '
            f'stroke="{INK}" stroke-width="1.5" fill="none"/>'
            f'<text x="{WIDTH - right + 12}" y="{middle + 5}" fill="{INK}">{100 * row.value:.3g}%'
            f'<tspan fill="{SOFT}" dx="6">{row.count} 题</tspan></text>'
        )
    return _svg("".join(parts), len(rows) * step + 6, title)


def history(points: Sequence[Point], title: str) -> Markup:
    """Shares over time as a line in its band of 95 %; each point leads to its run."""
    left, right, top, high = 46, 24, 14, 190
    wide, tall = WIDTH - left - right, high - top - 34

    def x(number: int) -> float:
        return left + (wide / 2 if len(points) == 1 else wide * number / (len(points) - 1))

    floor = max(0.0, min((point.low for point in points), default=0.0) - 0.05)
    floor = int(floor * 10) / 10

    def y(share: float) -> float:
        return top + tall * (1 - (share - floor) / (1 - floor))

    parts = []
    for tick in range(3):
        share = floor + (1 - floor) * tick / 2
        parts.append(
            f'<path d="M{left} {y(share):.1f}H{WIDTH - right}" stroke="{LINE}"/>'
            f'<text x="{left - 8}" y="{y(share) + 4:.1f}" text-anchor="end" fill="{SOFT}">{100 * share:.0f}%</text>'
        )
    upper = " ".join(f"{x(n):.1f},{y(point.high):.1f}" for n, point in enumerate(points))
    lower = " ".join(f"{x(n):.1f},{y(point.low):.1f}" for n, point in reversed(list(enumerate(points))))
    line = " ".join(f"{x(n):.1f},{y(point.value):.1f}" for n, point in enumerate(points))
    parts.append(f'<polygon points="{upper} {lower}" fill="{TINT}" opacity=".6"/>')
    parts.append(f'<polyline points="{line}" fill="none" stroke="{BLUE}" stroke-width="2"/>')
    shown = {round(i * (len(points) - 1) / min(4, max(1, len(points) - 1))) for i in range(5)}
    for number, point in enumerate(points):
        dot = (
            f'<circle cx="{x(number):.1f}" cy="{y(point.value):.1f}" r="5" fill="{BLUE}" stroke="#fff" '
            f'stroke-width="2"><title>{escape(point.title)}</title></circle>'
        )
        parts.append(f'<a href="{escape(point.link)}">{dot}</a>' if point.link else dot)
        if number in shown:
            anchor = "end" if number and number == len(points) - 1 else "middle" if number else "start"
            at = x(number) + (16 if anchor == "end" else -30 if len(points) > 1 and not number else 0)
            parts.append(
                f'<text x="{at:.1f}" y="{high - 12}" text-anchor="{anchor if len(points) > 1 else "middle"}" fill="{SOFT}">{escape(point.label)}</text>'
            )
    return _svg("".join(parts), high, title)


def spread(times: Sequence[float], title: str) -> Markup:
    """How long answers took: how many within each of 24 equal steps up to the longest, in milliseconds."""
    longest = max(times, default=0.0) or 1.0
    counts = [0] * 24
    for took in times:
        counts[min(23, int(24 * took / longest))] += 1
    most, left, wide, tall = max(counts), 8, WIDTH - 16, 90
    parts = [
        f'<rect x="{left + wide * n / 24:.1f}" y="{8 + tall * (1 - count / most):.1f}" width="{wide / 24 - 2:.1f}" '
        f'height="{tall * count / most:.1f}" fill="{BLUE}"><title>{count} 题</title></rect>'
        for n, count in enumerate(counts)
        if count
    ]
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        parts.append(
            f'<text x="{left + wide * share:.1f}" y="{tall + 26}" text-anchor="{anchor}" fill="{SOFT}">{longest * share:.0f} ms</text>'
        )
    parts.append(f'<path d="M{left} {tall + 9}h{wide}" stroke="{LINE}"/>')
    return _svg("".join(parts), tall + 34, title)


def _svg(content: str, height: int, title: str) -> Markup:
    return Markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}" '
        f'font-size="13" font-family="inherit">{content}</svg>'
    )
