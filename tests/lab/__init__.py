"""The laboratory: real download clients, a tracker and our own daemon, all on loopback."""
