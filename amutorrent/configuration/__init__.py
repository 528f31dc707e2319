"""What an admin asks of the configuration: show it, try it, find clients, save it. Source: http-api 13."""

from .configuration import Configuration
from .detecting import FoundClient
from .folders import Folder
from .form import ClientTypeForm, FormField, SectionForm
from .trying import Tested

__all__ = ["ClientTypeForm", "Configuration", "Folder", "FormField", "FoundClient", "SectionForm", "Tested"]
