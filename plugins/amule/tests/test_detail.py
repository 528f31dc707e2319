"""What is asked when somebody opens an item."""

import pytest
from amutorrent_amule.detail import raw_fields
from amutorrent_amule.tags import Tag, Type, marker, text, uint
from lab.ec_captures import packet

from amutorrent import AddEd2kLink, AddOptions, NotFound, RefreshShared, Remove, RemoveWithFiles
from amutorrent.testing import make_ed2k_file


def test_fields_of_a_capture():
    fields = raw_fields(packet("dload_queue_full").tags[0].children)
    assert fields["PARTFILE_NAME"]
    assert fields["PARTFILE_SIZE_FULL"] > 0
    assert len(fields["PARTFILE_HASH"]) == 32


def test_fields_of_any_kind():
    tags = (
        uint(0x7001, 5),
        text(0x0301, "ü"),
        marker(0x0316, uint(1, 2)),
        Tag(3, Type.DOUBLE, b"1.5\0"),
        Tag(5, 99, b"\1"),
    )
    assert raw_fields(tags) == {
        "0x7001": 5,
        "PARTFILE_NAME": "ü",
        "PARTFILE_COMMENTS": {"PASSWD_HASH": 2},
        "0x0003": 1.5,
        "CONNSTATE": "01",
    }


@pytest.mark.daemon
@pytest.mark.slow
async def test_raw_fields_of_a_download_and_of_a_shared_file(session, amule):
    download, shared = make_ed2k_file("raw download", 1000), make_ed2k_file("raw shared", 1000)
    await session.part(AddEd2kLink).add_ed2k_links([download.link], AddOptions(paused=True))
    shared.write(amule.incoming)
    await session.part(RefreshShared).refresh_shared()
    await session.until(lambda: shared.hash in session.items)
    assert (await session.client.raw(download.hash))["PARTFILE_STATUS"] == 7
    assert (await session.client.raw(shared.hash))["KNOWNFILE_FILENAME"] == str(amule.incoming)
    with pytest.raises(NotFound):
        await session.client.raw("0" * 32)
    await session.part(Remove).remove([download.hash])
    await session.part(RemoveWithFiles).remove_with_files([shared.hash])
