"""What registers songpop with a Prefect server: deployments, a work pool, automations."""
