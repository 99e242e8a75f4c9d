"""How much one value may be, in bytes: what a trace, and the kernel's small stack, have room for."""

LONGEST_TEXT = 4095
# What is copied (nofault, user_text) is copied to the probe's stack.
LONGEST_COPY = 255
# Of an array or a sequence.
MOST_BYTES = 4096
