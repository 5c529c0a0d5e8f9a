"""The directory's own facts as lists, searches and the check of authority need them."""

from common.consumer import consumer
from directory.projections import agencies

HEARS = consumer("directory", {**agencies.HANDLERS}, indexes=(*agencies.INDEXES,))
