# SPDX-License-Identifier: GPL-2.0-only
"""The architectures that hosts, virtual machines and their kernels are of: one file each, all data."""
