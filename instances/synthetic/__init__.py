"""The parts of a synthetic region, one kind of rule a file; :func:`instances.generate.generate` puts them together."""
