"""The outside: letters, PDF and whatever else is not us. No case logic."""
