"""Which engines these are, in one place."""

KAFKA = "4.4.0"
KAFKA_IMAGE = f"apache/kafka:{KAFKA}"
MONGO_IMAGE = "mongo:8"
