"""One week, step by step: the same steps run plainly or as Prefect tasks."""
