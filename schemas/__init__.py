"""The shapes of what goes in and out: requests, text values, rulebooks, problems. Imports `rules`, never Flask."""
