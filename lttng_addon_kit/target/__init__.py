"""What modules are built for and run on: creating, finding and starting virtual machines and hosts."""
