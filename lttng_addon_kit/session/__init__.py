"""The LTTng session on a machine, and the recording that comes of it."""
