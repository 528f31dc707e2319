"""What the indexer can do, for `t=caps`. Source: http-api 11, arr-contract 6.2.

No id parameter is named: the apps would use it first and alone, and ED2K knows no ids.
"""

from xml.etree.ElementTree import Element

from .categories import CATEGORIES
from .markup import add, document
from .request import PAGE

MODES = {
    "search": "q",
    "tv-search": "q,season,ep",
    "movie-search": "q",
    "audio-search": "q",
    "book-search": "q",
}


def caps_document() -> bytes:
    """Write the capabilities. They are the same for every client."""
    root = Element("caps")
    add(root, "server", title="aMuTorrent")
    add(root, "limits", max=PAGE, default=PAGE)
    searching = add(root, "searching")
    for mode, parameters in MODES.items():
        add(searching, mode, available="yes", supportedParams=parameters)
    categories = add(root, "categories")
    for id, (name, children) in CATEGORIES.items():
        parent = add(categories, "category", id=id, name=name)
        for child, label in children.items():
            add(parent, "subcat", id=child, name=label)
    return document(root)
