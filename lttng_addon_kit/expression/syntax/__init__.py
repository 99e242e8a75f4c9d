# SPDX-License-Identifier: GPL-2.0-only
"""The text of an expression -> its tree, as written: no kernel is asked."""
