"""qBittorrent for aMuTorrent."""
