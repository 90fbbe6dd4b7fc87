"""The HTTP interface: one blueprint a subject. Views parse, call and render."""
