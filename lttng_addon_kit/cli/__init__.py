"""The `lttng-addon` command: one file a group of commands; words -> calls, results -> text or JSON."""
