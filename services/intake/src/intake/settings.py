"""What intake is told from outside besides what every service is told."""

from pydantic import Field

from common.settings import ServiceSettings


class Settings(ServiceSettings):
    """reported_hosts  sites that people reported for unlawful content: a link to one is put before a human.

    The one that stands here is a name reserved for examples (RFC 2606), which shows how it works.
    """

    reported_hosts: tuple[str, ...] = Field(default=("trang-vi-pham.example.net",))
    draft_limit: int = Field(default=8 * 1024 * 1024, ge=65_536, description="bytes of a draft")
