# SPDX-License-Identifier: GPL-2.0-only
"""The Jinja2 templates of generated files, and the gallery; the package lttng_addon_kit.templates."""
