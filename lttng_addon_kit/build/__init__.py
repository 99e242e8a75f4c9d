"""Building modules for a target's kernel."""
