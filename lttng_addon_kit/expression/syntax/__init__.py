"""The text of an expression -> its tree, as written: no kernel is asked."""
