"""Files named by their SHA-256: written once, streamed, swept when nothing refers to them (D12).

What is known about a file stands in MongoDB; its bytes lie beside it in GridFS, or in S3.
"""

from common.blobs.contents import CHUNK, CHUNKS, Contents, GridContents
from common.blobs.kept import (
    AT_ONCE,
    FILES,
    INDEXES,
    KEPT_FOR,
    REFERENCES,
    UPLOAD_FOR,
    UPLOADS,
    Blob,
    Blobs,
    KeptBlobs,
    Named,
)

__all__ = [
    "AT_ONCE",
    "CHUNK",
    "CHUNKS",
    "FILES",
    "INDEXES",
    "KEPT_FOR",
    "REFERENCES",
    "UPLOADS",
    "UPLOAD_FOR",
    "Blob",
    "Blobs",
    "Contents",
    "GridContents",
    "KeptBlobs",
    "Named",
]
