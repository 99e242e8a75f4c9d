"""Where a probe is: one file a kind of hook."""
