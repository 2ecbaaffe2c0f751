"""Showing what was found to people who were not there."""
