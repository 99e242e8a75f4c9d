"""An authoring toolkit for LTTng addon modules: from a short addon.toml to a summary of real kernel events."""
