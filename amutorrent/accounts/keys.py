"""API keys: derived from one secret, so that their owner can be shown them and none is kept. Source: http-api 3."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from ..errors import StartError, StorageUnavailable
from ..model.account import Account

SECRET_BYTES = 32


class ApiKeys:
    """Makes the API keys of a data directory, from the secret file in it.

    The file is made when the first key is: a disk that is full is no reason not to start. Without the file all API keys
    change; a backup of the data directory holds it.
    """

    def __init__(self, path: Path) -> None:
        """Read the file, if there is one. Raises `StartError` if it is no secret."""
        self._path = path
        try:
            self._secret: bytes | None = _read(path)
        except FileNotFoundError:
            self._secret = None
        except OSError as error:
            raise StartError(f"Cannot read the secret file {path}: {error.strerror or error}") from error

    def key(self, account: Account) -> str:
        """Give the key of an account, 43 characters of base64url. Raises `StorageUnavailable`: no file can be made."""
        if self._secret is None:
            self._secret = self._made()
        message = f"api-key:{account.id}:{account.key_generation}".encode()
        digest = hmac.digest(self._secret, message, "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def _made(self) -> bytes:
        try:
            _make(self._path)
            return _read(self._path)
        except OSError as error:
            reason = error.strerror or error
            raise StorageUnavailable(f"Cannot write the secret file {self._path}: {reason}") from error
        except StartError as error:
            raise StorageUnavailable(error.message) from error


def fingerprint(secret: str) -> str:
    """Give the SHA-256 of a key or of a session's token, in hex: what it is found by."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _read(path: Path) -> bytes:
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise StartError(
            f"The secret file {path} should have {SECRET_BYTES} bytes, and has {len(secret)}: put back a copy of it, "
            "or move it away; then all API keys are new"
        )
    return secret


def _make(path: Path) -> None:
    """Make the file, for its owner only. It gets its name when it is complete, and never takes the place of another."""
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(new, path)
        except FileExistsError:
            return  # another program was faster
    finally:
        new.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
