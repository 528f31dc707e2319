"""Text for terminals."""

UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def clean(text: object) -> str:
    """Make text from elsewhere fit for a terminal: no control characters, so no escape sequences, and one line."""
    return "".join(each if each.isprintable() else "?" for each in str(text))


def columns(heads: list[str], rows: list[list[str]]) -> list[str]:
    """Lay out a table: one line for the heads, and one for each row."""
    rows = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return [line.rstrip() for line in lines]


def size(count: float) -> str:
    """Spell a number of bytes: `1.4 GB`."""
    unit = 0
    while count >= 1000 and unit < len(UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.0f} {UNITS[unit]}" if unit == 0 or count >= 100 else f"{count:.1f} {UNITS[unit]}"


def speed(count: float) -> str:
    """Spell a rate, empty for none: `1.4 MB/s`."""
    return f"{size(count)}/s" if count else ""


def duration(seconds: float | None) -> str:
    """Spell a time that is left, empty for an unknown one: `2 h 05 min`."""
    if seconds is None or seconds < 0 or seconds > 100 * 86400:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{hours // 24} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min" if minutes >= 10 else f"{minutes}:{rest:02d} min"
