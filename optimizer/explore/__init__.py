"""The live page: the report with the engines behind it, for changed figures, scenarios side by side and saved runs."""
