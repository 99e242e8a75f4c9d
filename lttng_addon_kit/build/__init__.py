# SPDX-License-Identifier: GPL-2.0-only
"""Building modules for a target's kernel."""
