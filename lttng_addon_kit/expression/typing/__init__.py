"""A tree as written + a kernel -> a typed tree, or what is wrong with it."""
