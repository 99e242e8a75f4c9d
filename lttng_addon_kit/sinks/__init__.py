"""Where a probe gives its values: one file a kind of sink."""
