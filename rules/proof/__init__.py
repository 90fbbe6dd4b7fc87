"""What holds of a rulebook for every possible input, by exact count. Pure, like the rest of `rules`."""
