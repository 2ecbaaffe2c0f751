"""Files of other makers as regions: participatory-budgeting elections (`pabulib`) and any project list (`table`)."""
