"""What is started with which settings: configuration, wiring, command line, worker."""
