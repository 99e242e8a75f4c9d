"""Where a probe gives its values: one file a kind of sink; kinds of aggregates are in `aggregate/`."""
