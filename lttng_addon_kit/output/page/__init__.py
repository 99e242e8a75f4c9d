# SPDX-License-Identifier: GPL-2.0-only
"""A recording as one HTML page to send to a colleague: numbers -> shapes -> templates/page/."""
