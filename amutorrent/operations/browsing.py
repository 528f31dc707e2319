"""Looking into folders of this machine, to choose a path. Source: http-api 13."""

from typing import Annotated

from msgspec import Meta, Struct

from ..configuration import Folder
from ..model import camel
from .call import Call
from .declare import ADMIN, operation


class BrowseRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """An absolute path; "" is where one may begin. `includeFiles`: list files too."""

    path: Annotated[str, Meta(max_length=4096)] = ""
    include_files: bool = False


@operation(
    "browseFolders",
    http="POST /api/filesystem/browse",
    needs=ADMIN,
    socket=False,
    changes=False,
    errors=("path_not_allowed", "not_found", "timeout"),
)
async def browse(request: BrowseRequest, call: Call) -> Folder:
    """List the folders in a folder that `directories.browse` allows.

    Hidden and system folders are not shown. Names that are no UTF-8 cannot be sent, and are left out.
    """
    return await call.host.configuration.browse(request.path, include_files=request.include_files)
