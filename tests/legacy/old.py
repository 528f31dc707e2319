"""A data folder as aMuTorrent 3.8.8 (Node) leaves it: the tables by their own statements, the rows of the tests."""

import json
import sqlite3

import bcrypt

USERS = """
CREATE TABLE schema_version (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL DEFAULT 0);
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT UNIQUE NOT NULL COLLATE NOCASE, password_hash TEXT,
  is_admin INTEGER NOT NULL DEFAULT 0, display_name TEXT, api_key TEXT UNIQUE, created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, last_login_at INTEGER, disabled INTEGER NOT NULL DEFAULT 0);
CREATE TABLE user_capabilities (
  user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE, capability TEXT NOT NULL,
  PRIMARY KEY (user_id, capability));
CREATE TABLE download_ownership (
  item_key TEXT NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  added_at INTEGER NOT NULL);
INSERT INTO schema_version VALUES (1, 1);
"""
HISTORY = """
CREATE TABLE schema_version (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL DEFAULT 0);
CREATE TABLE download_history (
  hash TEXT NOT NULL, instance_id TEXT NOT NULL, filename TEXT NOT NULL, size INTEGER, started_at TEXT NOT NULL,
  completed_at TEXT, deleted_at TEXT, username TEXT, client_type TEXT DEFAULT 'amule',
  status TEXT DEFAULT 'downloading', last_seen_at TEXT, downloaded INTEGER DEFAULT 0, uploaded INTEGER DEFAULT 0,
  ratio REAL DEFAULT 0, tracker_domain TEXT,
  PRIMARY KEY (hash, instance_id));
INSERT INTO schema_version VALUES (1, 4);
"""
METRICS = """
CREATE TABLE metadata (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE instance_metrics (
  timestamp INTEGER NOT NULL, instance_id TEXT NOT NULL, client_type TEXT NOT NULL, upload_speed INTEGER DEFAULT 0,
  download_speed INTEGER DEFAULT 0, total_uploaded INTEGER DEFAULT 0, total_downloaded INTEGER DEFAULT 0,
  PRIMARY KEY (timestamp, instance_id));
CREATE INDEX idx_instance_metrics_type ON instance_metrics(timestamp, client_type);
INSERT INTO metadata VALUES ('schema_version', '7');
"""
HASHES = """
CREATE TABLE hash_mappings (
  ed2k_hash TEXT PRIMARY KEY, magnet_hash TEXT NOT NULL, file_name TEXT, category TEXT, added_at INTEGER NOT NULL);
"""
MOVES = """
CREATE TABLE move_operations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL, instance_id TEXT NOT NULL DEFAULT '', name TEXT NOT NULL,
  client_type TEXT DEFAULT 'rtorrent', source_path TEXT NOT NULL, dest_path TEXT NOT NULL, total_size INTEGER NOT NULL,
  status TEXT DEFAULT 'pending', created_at TEXT NOT NULL, updated_at TEXT NOT NULL, UNIQUE(hash, instance_id));
"""
TABLES = {
    "users.db": USERS,
    "history.db": HISTORY,
    "metrics.db": METRICS,
    "hashes.db": HASHES,
    "move_ops.db": MOVES,
}
PASSWORD, KEY, READERS_KEY = "what it was", "ed" * 32, "2e" * 32
ED2K, ONE, TWO, COMPAT = "5430c3c36a7ba2fc3012b3a5a0874c53", "f2" * 20, "c8" * 20, "512d0c28320554c30f096be9a4d9be83"


class OldFolder:
    """A folder, written file by file."""

    def __init__(self, path):
        self.path = path
        path.mkdir()

    def json(self, name, value):
        (self.path / name).write_text(json.dumps(value, indent=2))

    def open(self, name):
        """Open a database, which is made if need be."""
        new = not (self.path / name).exists()
        connection = sqlite3.connect(self.path / name, isolation_level=None)
        if new:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(TABLES[name])
        return connection

    def add(self, name, table, *rows):
        """Add rows, as mappings of columns."""
        connection = self.open(name)
        for row in rows:
            connection.execute(
                f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", [*row.values()]
            )
        connection.close()

    def version(self, name, version):
        connection = self.open(name)
        if name == "metrics.db":
            connection.execute("UPDATE metadata SET value = ?", (str(version),))
        else:
            connection.execute("UPDATE schema_version SET version = ?", (version,))
        connection.close()

    def content(self):
        return {each.name: (each.read_bytes(), each.stat().st_mtime_ns) for each in self.path.iterdir()}


def user(id, name, **facts):
    return {"id": id, "username": name, "created_at": 1_000, "updated_at": 2_000, **facts}


def download(hash, instance_id, **facts):
    return {
        "hash": hash,
        "instance_id": instance_id,
        "filename": "a file.bin",
        "size": 300_000,
        "started_at": "2026-11-23T15:14:51.931Z",
        "client_type": "qbittorrent",
        "status": "completed",
        "completed_at": "2026-11-23T15:14:55.825Z",
        "last_seen_at": "2026-11-23T15:14:55.825Z",
        **facts,
    }


def sample(at, instance_id, uploaded, downloaded, up=0, down=0, client_type="qbittorrent"):
    return {
        "timestamp": at,
        "instance_id": instance_id,
        "client_type": client_type,
        "upload_speed": up,
        "download_speed": down,
        "total_uploaded": uploaded,
        "total_downloaded": downloaded,
    }


def write_sample(old, now):
    """Write a folder with a bit of everything; `now` is in ms."""
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
    old.json(
        "config.json",
        {
            "version": "1.0",
            "server": {"host": "127.0.0.1", "port": 29872, "auth": {"enabled": True, "sessionSecret": "96" * 32}},
            "clients": [
                {"id": "main", "type": "amule", "name": "Main", "color": None, "enabled": True, "host": "127.0.0.1",
                 "port": 29608, "password": "of-the-client"},
                {"id": "rt", "type": "rtorrent", "name": "rt", "mode": "scgi", "host": "127.0.0.1", "port": 29240,
                 "password": None},
                {"id": "qb", "type": "qbittorrent", "name": "qb", "host": "127.0.0.1", "port": 29080,
                 "username": "admin", "password": "of-the-client"},
                {"id": "del", "type": "deluge", "name": "del", "host": "h", "port": 1, "password": "of-the-client"},
                {"type": "amule", "name": "from outside", "source": "env", "enabled": True, "port": 4712},
            ],
            "integrations": {"sonarr": {"enabled": True, "url": "u", "apiKey": "of-sonarr"}},
            "history": {"enabled": True, "retentionDays": 30},
            "eventScripting": {"enabled": True, "scriptPath": "scripts/custom.sh"},
            "_meta": {"fromEnv": {}},
        },
    )  # fmt: skip
    old.json(
        "categories.json",
        {
            "version": 1,
            "categories": {
                "Default": {"color": "#CCCCCC", "path": None, "pathMappings": None, "comment": "", "priority": 0},
                "films": {"color": "#336699", "path": "/srv/films", "pathMappings": {"rt": "/mnt/films"},
                          "comment": "moving pictures", "priority": 2, "amuleIds": {"main": 1},
                          "createdAt": "2026-11-23T15:13:33.743Z", "updatedAt": "2026-11-23T15:13:33.743Z"},
            },
        },
    )  # fmt: skip
    old.add(
        "users.db",
        "users",
        user(1, "labadmin", password_hash=hashed, is_admin=1, api_key=KEY, last_login_at=3_000),
        user(2, "Reader", password_hash=hashed, api_key=READERS_KEY),
        user(3, "proxied", disabled=1),
    )
    old.add(
        "users.db",
        "user_capabilities",
        *({"user_id": 2, "capability": each} for each in ("view_all_downloads", "view_history", "fly")),
        {"user_id": 3, "capability": "edit_all_downloads"},
    )
    old.add(
        "users.db",
        "download_ownership",
        {"item_key": f"main:{COMPAT}", "user_id": 1, "added_at": 4_000},
        {"item_key": f"qb:{ONE}", "user_id": 2, "added_at": 5_000},
        {"item_key": TWO, "user_id": 2, "added_at": 6_000},
        {"item_key": f"qb:{TWO}", "user_id": 9, "added_at": 6_000},
    )
    old.add(
        "history.db",
        "download_history",
        download(ED2K, "main", client_type="amule", username="labadmin", size=None, uploaded=7, ratio=0.5),
        download(ONE, "qb", username="reader", tracker_domain="0.1"),
        download(TWO, "rt", client_type="rtorrent", filename="two Ã¼nÃ¯.bin", tracker_domain="tracker.example",
                 status="deleted", deleted_at="2026-11-23T15:17:58.458Z", username=None),
        download(COMPAT, "main", client_type="amule", username="external", status="downloading", completed_at=None),
    )  # fmt: skip
    old.add("hashes.db", "hash_mappings", {"ed2k_hash": COMPAT, "magnet_hash": COMPAT + "0" * 8, "category": "films",
                                           "added_at": 1})  # fmt: skip
    old.add(
        "move_ops.db",
        "move_operations",
        *(
            {"hash": each * 20, "instance_id": "rt", "name": f"n{each}", "source_path": "/from", "dest_path": "/to",
             "total_size": 1, "status": status, "created_at": "", "updated_at": ""}
            for each, status in (("aa", "completed"), ("bb", "moving"))
        ),
    )  # fmt: skip
    old.json("notifications.json", {"enabled": True, "services": [{"type": "ntfy", "config": {"token": "of-ntfy"}}]})
    old.add("metrics.db", "instance_metrics", *samples(now - 3_600_000))


def samples(start):
    """Give a quarter of an hour: one counter that begins at 0, one that falls, one that only grows."""
    rows = []
    for number in range(300):
        at = start + number * 3_000
        rows.append(sample(at, "main", 0 if number < 5 else 1000 + number, 0, up=2, client_type="amule"))
        rows.append(sample(at, "rt", number * 10 if number < 150 else (number - 150) * 5 + 1, 5, 10, 0, "rtorrent"))
        rows.append(sample(at, "qb", 2**40 + number, 2**41 + number * 1000, 1, 300))
    return rows
