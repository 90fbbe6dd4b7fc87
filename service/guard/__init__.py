"""Who is let in, how often, and under which headers; wired in one place by `Guard`."""
