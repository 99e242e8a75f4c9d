# SPDX-License-Identifier: GPL-2.0-only
"""A trace's events in the formats of other tools; one file a form."""
