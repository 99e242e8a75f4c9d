# SPDX-License-Identifier: GPL-2.0-only
"""The kit's own reader: what a stream's metadata says becomes a table, which a function in C follows."""
