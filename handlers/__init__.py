"""What each service task reads, decides and records: one function a step, marked with `step` or `guard`."""
