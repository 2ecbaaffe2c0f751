"""From a front to a decision: one question a module."""
