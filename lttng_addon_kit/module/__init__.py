# SPDX-License-Identifier: GPL-2.0-only
"""Probes, parameters and the boundary -> the sources of a module."""
