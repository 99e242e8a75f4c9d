# SPDX-License-Identifier: GPL-2.0-only
"""What a trace's metadata describes, whichever language it is in."""
