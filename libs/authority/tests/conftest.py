"""The story that most tests of authority begin with."""

import pytest

from authority.testing import Told


@pytest.fixture
def told():
    """Hà Nam's portal with a head who may answer, and an officer with a delegation to."""
    told = Told()
    told.site()
    told.person("thu-truong")
    told.position("thu-truong", "agency_head")
    told.person("truong-ban")
    told.position("truong-ban", "board_head")
    told.person("can-bo")
    told.position("can-bo", "staff")
    told.delegation("uq-1", "thu-truong", "can-bo", ["answer"])
    return told
