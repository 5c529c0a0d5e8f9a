"""HTTP: drafts in, submissions out; files; forms; clocks."""

from intake.routes.categories import router as categories
from intake.routes.deadlines import router as deadlines
from intake.routes.duties import router as duties
from intake.routes.files import router as files
from intake.routes.places import router as places
from intake.routes.submissions import router as submissions

ROUTERS = (submissions, files, categories, places, deadlines, duties)
