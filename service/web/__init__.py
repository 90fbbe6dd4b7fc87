"""The page: rendered here, followed by a little script. Views are pure functions of the recommendation's body."""
