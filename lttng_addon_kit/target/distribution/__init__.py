"""Linux distributions: what virtual machines and hosts run, one file each."""
