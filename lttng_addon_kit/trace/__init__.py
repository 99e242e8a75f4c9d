# SPDX-License-Identifier: GPL-2.0-only
"""From a CTF trace to its summary, for people and for programs; any LTTng kernel trace will do."""
