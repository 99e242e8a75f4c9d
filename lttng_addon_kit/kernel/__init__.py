"""A kernel's types, tracepoints, functions and headers, read from its files."""
