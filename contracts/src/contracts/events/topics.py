"""Names of the topics. Made by `make contracts` from contracts/events; do not edit."""

from typing import Final

DIRECTORY_AGENCY: Final = "directory.agency"
"""Agencies (cơ quan), their names, competences, ends and successors."""
DIRECTORY_SITE: Final = "directory.site"
"""Sites (cổng, trang thông tin điện tử), their regulation profile, domain name, hierarchy and
end."""
DIRECTORY_PERSON: Final = "directory.person"
"""People and systems on duty, the sign-ins that are theirs, and the positions they hold."""
DIRECTORY_BOARD: Final = "directory.board"
"""Boards (Ban Biên tập) of sites."""
DIRECTORY_DELEGATION: Final = "directory.delegation"
"""Delegations (uỷ quyền), given and revoked."""
DIRECTORY_ADMINISTRATIVE_UNIT: Final = "directory.administrative_unit"
"""Administrative units (đơn vị hành chính), their codes, ends and successors."""
DIRECTORY_CALENDAR: Final = "directory.calendar"
"""Working calendars, official notices on days off, and local closures."""
DIRECTORY_LOG: Final = "directory.log"
"""Seals and heartbeats of the directory's commit log."""
INTAKE_SUBMISSION: Final = "intake.submission"
"""Submissions (tin, bài, văn bản gửi đăng), their resubmission, withdrawal and publication
clock."""
INTAKE_LOG: Final = "intake.log"
"""Seals and heartbeats of intake's commit log."""
EDITORIAL_ARTICLE: Final = "editorial.article"
"""Articles (tin, bài, văn bản) on their way through the board of a site, and what the public reads
of them."""
EDITORIAL_LOG: Final = "editorial.log"
"""Seals and heartbeats of editorial's commit log."""
