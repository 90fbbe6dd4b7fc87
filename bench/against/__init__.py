"""What the service is measured against, each run by the Python that `make rivals` makes: nothing of ours is there."""
