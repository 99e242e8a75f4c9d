# SPDX-License-Identifier: GPL-2.0-only
"""A tree as written + a kernel -> a typed tree, or what is wrong with it."""
