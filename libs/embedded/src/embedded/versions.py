"""Which engines these are, in one place."""

KAFKA = "4.4.0"
KAFKA_IMAGE = f"apache/kafka:{KAFKA}"
KEYCLOAK = "26.4.0"
KEYCLOAK_SHA256 = "1b6a11a2726ac8a8dc9c91d5fafe989a75ce4f1622d7f7b45c21d5bc16629c0a"
MONGO_IMAGE = "mongo:8"
