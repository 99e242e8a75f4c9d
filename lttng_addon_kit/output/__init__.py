# SPDX-License-Identifier: GPL-2.0-only
"""What the kit knows -> what a person or a program reads: one file a form."""
