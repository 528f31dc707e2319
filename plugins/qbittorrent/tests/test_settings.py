"""The settings of one instance."""

import pytest
from amutorrent_qbittorrent.settings import QBittorrentSettings
from pydantic import ValidationError


def test_the_defaults():
    settings = QBittorrentSettings(host="nas")
    assert (settings.port, settings.path, settings.username, settings.use_ssl) == (8080, "", "admin", False)
    assert settings.api == "http://nas:8080/api/v2/"
    assert settings.address() == "nas-8080"


def test_the_names_of_the_configuration_file():
    settings = QBittorrentSettings.model_validate(
        {"host": "nas", "useSsl": True, "path": "/qbt/", "apiKey": "qbt_1", "password": "p", "port": 443}
    )
    assert settings.api == "https://nas:443/qbt/api/v2/"
    assert settings.api_key.get_secret_value() == "qbt_1"


def test_secrets_are_masked():
    assert "hush" not in repr(QBittorrentSettings(host="nas", password="hush", api_key="hush"))


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_an_ipv6_address_is_bracketed_in_the_url(host):
    assert QBittorrentSettings(host=host).api == "http://[::1]:8080/api/v2/"


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"host": ""},
        {"host": "http://nas"},
        {"host": "a b"},
        {"host": "me@nas"},
        {"host": "nas", "port": 0},
        {"host": "nas", "port": 65536},
        {"host": "nas", "path": "/a?b"},
        {"host": "nas", "path": "/a b"},
        {"host": "nas", "apiKey": "a\nb"},
        {"host": "nas", "apiKey": "schlüssel"},
        {"host": "nas", "user": "x"},
    ],
)
def test_what_is_no_setting_is_refused(wrong):
    with pytest.raises(ValidationError):
        QBittorrentSettings.model_validate(wrong)
