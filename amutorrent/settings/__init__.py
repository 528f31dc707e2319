"""Settings: one precedence for every key, clear errors, atomic saves."""

from .clients import ClientTypes
from .model import FORMAT, HostSettings, LogLevel
from .plugin import PluginSettings
from .settings import CONFIG, Settings, find_data_dir

__all__ = ["CONFIG", "FORMAT", "ClientTypes", "HostSettings", "LogLevel", "PluginSettings", "Settings", "find_data_dir"]
