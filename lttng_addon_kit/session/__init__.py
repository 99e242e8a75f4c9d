# SPDX-License-Identifier: GPL-2.0-only
"""The LTTng session on a machine, and the recording that comes of it."""
