"""The engine: how a case moves safely, whatever the process. No word of certification in it."""
