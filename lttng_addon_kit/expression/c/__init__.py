"""A typed tree -> guarded C."""
