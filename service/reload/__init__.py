"""A new rulebook on SIGHUP, without a restart: accepted before any worker sees it, or refused and said."""
