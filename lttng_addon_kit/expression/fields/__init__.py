# SPDX-License-Identifier: GPL-2.0-only
"""What a value is recorded as: one file a kind of field."""
