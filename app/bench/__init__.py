"""`reglament bench`: how fast the program is on this machine, measured the same way each time."""
