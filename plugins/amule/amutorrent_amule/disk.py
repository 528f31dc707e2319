"""Files that the daemon tells of, as far as they lie on this machine. Blocking: run in a thread."""

import os
import stat

from amutorrent import ClientFailed, Forbidden


def delete_file(path: str, size: int) -> None:
    """Delete a file, if it is the one that is meant: a plain file of this size.

    Raises `ClientFailed` where it is not there or is another one, `Forbidden` where it may not be deleted.
    """
    try:
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode) or found.st_size != size:
            raise ClientFailed(f"{path} is not the file that aMule shares (another size, or no plain file)")
        os.unlink(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ClientFailed(
            f"{path} is not there, as this machine sees it: aMule runs elsewhere, or it is gone"
        ) from error
    except OSError as error:
        raise Forbidden(f"{path} cannot be deleted: {error.strerror}", code="path_not_writable") from error
