"""Running kernels that take commands and files, and programs of this host; knows nothing of targets."""
