"""The HTTP service, the command line and the cache around the decision."""
