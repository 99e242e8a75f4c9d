"""Values that are added up in the kernel: one file a kind. `aggregate_kinds` finds them."""
