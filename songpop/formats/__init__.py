"""Export formats: one declarative TOML file each, read by the registry."""
