# SPDX-License-Identifier: GPL-2.0-only
"""Linux distributions: what virtual machines and hosts run, one file each."""
