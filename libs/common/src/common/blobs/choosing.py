"""Which contents the settings name: GridFS beside the other data, or a bucket."""

from common.blobs.contents import Contents, GridContents
from common.blobs.s3 import Bucket, S3Contents
from common.mongo import Database
from common.settings import ServiceSettings


def contents_of(settings: ServiceSettings, database: Database) -> Contents:
    """Where new files go."""
    if not settings.blobs_url:
        return GridContents(database)
    bucket = Bucket.of(
        settings.blobs_url,
        endpoint=settings.blobs_endpoint,
        region=settings.blobs_region,
        key=settings.blobs_key.get_secret_value(),
        secret=settings.blobs_secret.get_secret_value(),
    )
    return S3Contents(bucket)
