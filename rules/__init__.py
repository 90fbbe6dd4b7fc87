"""The decision: from a described project to a staffing recommendation. Pure; see README.md beside this file."""
