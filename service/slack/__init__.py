"""The Slack app: a command, a form, a message shortcut and a home tab around the same recommendation."""
