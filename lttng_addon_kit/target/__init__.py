"""What modules are built for and run on: virtual machines, and hosts."""
