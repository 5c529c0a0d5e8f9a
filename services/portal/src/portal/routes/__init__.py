"""HTTP in and out: the public JSON, the pages, the feeds."""

from portal.routes import agencies, articles, feeds, pages, search, sites

ROUTERS = [
    agencies.router,
    sites.router,
    articles.router,
    search.router,
    feeds.router,
    pages.router,
]
