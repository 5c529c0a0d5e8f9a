"""The relay: one per service publishes the log to Kafka, in order, leaving nothing out (D2)."""
