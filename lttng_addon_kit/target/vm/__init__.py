"""The parts of a virtual machine: root, image, QEMU, KVM, ssh access."""
