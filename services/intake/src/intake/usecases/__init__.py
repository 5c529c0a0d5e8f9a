"""Handing in, handing in again, taking back, uploading, warning: load, decide, append."""
