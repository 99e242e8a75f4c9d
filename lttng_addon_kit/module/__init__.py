"""Probes, parameters and the boundary -> the sources of a module."""
