"""What the portal is told from outside, beside what every service is told."""

from common.settings import ServiceSettings


class Settings(ServiceSettings):
    """The portal's settings.

    portal_url  where people find its pages; `public_url` unless given
    """

    portal_url: str = ""

    @property
    def home(self) -> str:
        """The address of the pages without a slash at its end."""
        return (self.portal_url or self.public_url).rstrip("/")
