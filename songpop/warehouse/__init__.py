"""The warehouse: the writer's private file, and what is published from it."""
