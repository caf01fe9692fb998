"""What is remembered, and nothing about why."""
