"""The guide as Markdown."""

from collections.abc import Iterable, Iterator

from .blocks import Block, Code, Heading, Paragraph, Table


def as_markdown(blocks: Iterable[Block]) -> str:
    """Write the guide, with one newline at its end."""
    return "\n\n".join("\n".join(_lines(each)) for each in blocks) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"{'#' * level} {text}"
        case Paragraph(text):
            yield text
        case Table(head, rows):
            yield _row(head)
            yield "|" + "---|" * len(head)
            yield from map(_row, rows)
        case Code(language, text):
            yield f"```{language}"
            yield text
            yield "```"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
