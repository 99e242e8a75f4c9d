# SPDX-License-Identifier: GPL-2.0-only
"""The parts of a virtual machine: root, image, QEMU, KVM, ssh access."""
