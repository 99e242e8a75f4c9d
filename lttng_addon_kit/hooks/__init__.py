"""Where a probe is: one file a kind of hook. `hook_kinds` finds them; a new file here is a new kind."""
