"""From facts to a front with proof, and from the front to a decision."""
