"""The guide as a page: no script, no request to anywhere, and links that work below any base path."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from .blocks import Block, Code, Heading, Paragraph, Table

STYLE = """\
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --link: light-dark(#0b57a4, #7db8f5) }
body { margin: 0 auto; max-width: 110rem; padding: 0 1.5rem 4rem; font: 1rem/1.55 system-ui, sans-serif;
  display: grid; grid-template-columns: minmax(14rem, 20rem) minmax(0, 1fr); gap: 2.5rem }
nav { position: sticky; top: 0; max-height: 100vh; overflow: auto; padding: 1.5rem 0; font-size: .85rem }
nav ul { list-style: none; margin: 0; padding: 0 } nav ul ul { padding-left: .9rem; margin-bottom: .6rem }
nav li { overflow-wrap: anywhere } nav a { text-decoration: none }
a { color: var(--link) } a:focus-visible { outline: 2px solid var(--link) }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem }
h3 { margin-top: 2.5rem; overflow-wrap: anywhere } h2, h3 { scroll-margin-top: 1rem }
code { font: .9em/1.4 ui-monospace, monospace; background: var(--soft); padding: .1em .3em; border-radius: .25em;
  overflow-wrap: anywhere }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .4rem; padding: .8rem 1rem;
  overflow: auto }
pre code { background: none; padding: 0; overflow-wrap: normal }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line) }
@media (max-width: 60rem) { body { display: block } nav { position: static; max-height: none } }
"""
_INLINE = re.compile(r"`(?P<code>[^`]+)`|\[(?P<text>[^\]]+)\]\((?P<to>[#a-z0-9_.-]+)\)")


def as_page(blocks: Sequence[Block]) -> str:
    """Write the guide as one HTML document."""
    title = next(each.text for each in blocks if isinstance(each, Heading))
    body = "\n".join(part for each in blocks for part in _tags(each))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{html.escape(title)}</title>\n<link rel="icon" href="data:,">\n'
        f"<style>\n{STYLE}</style>\n</head>\n<body>\n"
        f'<nav aria-label="Contents">\n{_contents(blocks)}\n</nav>\n<main>\n{body}\n</main>\n</body>\n</html>\n'
    )


def _contents(blocks: Iterable[Block]) -> str:
    parts, inside = ["<ul>"], False
    for block in blocks:
        if not isinstance(block, Heading) or block.level == 1:
            continue
        if block.level == 2:
            parts += ["</ul></li>"] if inside else []
            inside = True
        parts.append(f'<li><a href="#{block.anchor}">{html.escape(block.text)}</a>')
        parts.append("<ul>" if block.level == 2 else "</li>")
    return "\n".join([*parts, *(["</ul></li>"] if inside else []), "</ul>"])


def _tags(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f'<h{level} id="{block.anchor}">{_inline(text)}</h{level}>'
        case Paragraph(text):
            yield f"<p>{_inline(text)}</p>"
        case Table(head, rows):
            yield '<div class="wide"><table>'
            yield f"<thead>{_row('th', head)}</thead><tbody>"
            yield from (_row("td", row) for row in rows)
            yield "</tbody></table></div>"
        case Code(_, text):
            yield f"<pre><code>{html.escape(text)}</code></pre>"


def _row(tag: str, cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{_inline(each)}</{tag}>" for each in cells) + "</tr>"


def _inline(text: str) -> str:
    """Escape a text, and make code and links of what is written so."""
    parts, end = [], 0
    for found in _INLINE.finditer(text):
        parts.append(html.escape(text[end : found.start()]))
        if found["code"] is not None:
            parts.append(f"<code>{html.escape(found['code'])}</code>")
        else:
            parts.append(f'<a href="{html.escape(found["to"])}">{_inline(found["text"])}</a>')
        end = found.end()
    return "".join([*parts, html.escape(text[end:])])
