"""The guide to the API: made of the OpenAPI document, as a page and as Markdown. Source: http-api 13."""

from .content import guide
from .markdown import as_markdown
from .page import as_page

__all__ = ["as_markdown", "as_page", "guide"]
