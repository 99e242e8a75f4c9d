"""What a value is recorded as: one file a kind of field."""
