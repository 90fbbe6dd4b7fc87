"""What an operator sees of the service: readiness, metrics, the log of decisions, traces."""
