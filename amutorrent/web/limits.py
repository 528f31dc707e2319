"""How long a body may be, in bytes. Source: http-api 1."""

BODY_LIMIT = 1 << 20
UPLOAD_LIMIT = 16 << 20
NOBODYS_LIMIT = 64 << 10
"""From somebody who has not shown who they are."""
