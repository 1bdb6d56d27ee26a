"""Composition root of the content service."""

from chassis.auth.module import AccessSettings
from chassis.auth.module import build as build_access
from chassis.cache import Cache, CacheSettings, open_store
from chassis.db.database import Database, DatabaseSettings
from chassis.serving.service import Service

from ..content import reader_api, staff_api
from ..content.publication import Publications
from ..content.reading import Library
from ..content.service import Articles
from ..content.settings import ContentSettings
from ..content.staff import Staff


def build() -> Service:
    """Assemble the service from the environment, without opening any connection."""
    database = Database(DatabaseSettings())
    cache = Cache(open_store(CacheSettings()))
    publications = Publications(database, cache)
    routers = [
        reader_api.router(Library(database, cache, ContentSettings().articles_url)),
        staff_api.router(Articles(database), publications, Staff(database)),
    ]
    return Service(
        "Content",
        build_access(AccessSettings()),
        routers,
        database=database,
        cache=cache,
        tasks=[publications.run],
    )
