# SPDX-License-Identifier: GPL-2.0-only
"""The C of lttng-addons.ko and the headers that addons include; the package lttng_addon_kit.runtime."""
