"""API keys and the secret file that they are derived from."""

import base64
import hashlib
import hmac
import re
import stat
from pathlib import Path

import pytest
from accounts.conftest import HOME, PASSWORD

from amutorrent.accounts.keys import ApiKeys, fingerprint
from amutorrent.errors import StartError, StorageUnavailable
from amutorrent.model.account import Account


def account(id, generation=1):
    return Account(
        id=id,
        name=f"user{id}",
        is_admin=False,
        disabled=False,
        permissions=frozenset(),
        password_hash=None,
        key_generation=generation,
        epoch=1,
        created_at=0,
        updated_at=0,
        last_login_at=None,
    )


def keys_of(path, secret=b"s" * 32):
    path.write_bytes(secret)
    return ApiKeys(path)


def test_a_key_follows_from_secret_user_and_generation(tmp_path):
    keys = keys_of(tmp_path / "secret")
    key = keys.key(account(7, 2))
    expected = hmac.new(b"s" * 32, b"api-key:7:2", hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(key + "=") == expected
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", key)
    other = keys_of(tmp_path / "other", b"t" * 32)
    others = {keys.key(account(7, 3)), keys.key(account(72, 2)), other.key(account(7, 2))}
    assert len({key, *others}) == 4


def test_a_fingerprint_is_the_sha256():
    assert fingerprint("abc") == hashlib.sha256(b"abc").hexdigest()
    assert len(fingerprint("\udce9")) == 64


def test_the_secret_is_made_with_the_first_key_for_its_owner_only(tmp_path):
    path = tmp_path / "secret"
    keys = ApiKeys(path)
    assert not path.exists()
    key = keys.key(account(7))
    assert len(path.read_bytes()) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ApiKeys(path).key(account(7)) == key
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]
    assert ApiKeys(tmp_path / "another").key(account(7)) != key


def test_of_two_programs_that_make_it_one_wins(tmp_path):
    path = tmp_path / "secret"
    one, other = ApiKeys(path), ApiKeys(path)
    assert one.key(account(7)) == other.key(account(7)) == ApiKeys(path).key(account(7))
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_file_that_is_no_secret_is_left_alone(tmp_path, content):
    path = tmp_path / "secret"
    late = ApiKeys(path)
    with pytest.raises(StartError, match=f"should have 32 bytes, and has {len(content)}"):
        keys_of(path, content)
    with pytest.raises(StorageUnavailable, match="should have 32 bytes"):
        late.key(account(7))
    assert path.read_bytes() == content


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(StartError, match=r"Cannot read the secret file .*Is a directory"):
        ApiKeys(tmp_path)


def test_a_file_that_cannot_be_made(tmp_path):
    keys = ApiKeys(tmp_path / "gone" / "secret")
    with pytest.raises(StorageUnavailable, match=r"Cannot write the secret file .*No such file"):
        keys.key(account(7))
    (tmp_path / "gone").mkdir()
    assert keys.key(account(7))


async def test_without_a_secret_no_key_works_and_everything_else_does(accounts, ann):
    key = accounts.users.key_of(ann)
    accounts.credentials._keys._secret, accounts.credentials._keys._path = None, Path("/nowhere/secret")
    await accounts.users.create("bob", PASSWORD)
    assert accounts.credentials.find_key(key) is None
    assert (await accounts.credentials.by_password("bob", PASSWORD, HOME)).name == "bob"
