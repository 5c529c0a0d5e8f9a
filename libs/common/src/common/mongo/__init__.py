"""The narrow door to MongoDB: what the plumbing needs, no driver name outside this package."""

from common.mongo.door import (
    ANY,
    Batch,
    Database,
    Document,
    Drop,
    Filter,
    Index,
    Inserted,
    Lease,
    Patch,
    Put,
    ResumeLost,
    Session,
    Transient,
    Watch,
    Write,
)

__all__ = [
    "ANY",
    "Batch",
    "Database",
    "Document",
    "Drop",
    "Filter",
    "Index",
    "Inserted",
    "Lease",
    "Patch",
    "Put",
    "ResumeLost",
    "Session",
    "Transient",
    "Watch",
    "Write",
]
