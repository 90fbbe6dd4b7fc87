"""The command line's subjects, one module each."""
