"""The facts of a region: read, check, write, import, generate. Imports nothing else of this project."""
