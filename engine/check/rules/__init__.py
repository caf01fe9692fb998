"""One rule a file: guard clauses, then one report. The registry imports every file here."""
