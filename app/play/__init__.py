"""Scenarios: the procedures' own tests, played through the engine with a moved clock."""
