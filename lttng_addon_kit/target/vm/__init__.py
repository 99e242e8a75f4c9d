"""A virtual machine: its root, its image, and QEMU."""
