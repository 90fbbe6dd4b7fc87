"""Recommendations as Slack shows them. Pure: an answer's body in, Block Kit out; no request, no store, no clock."""
