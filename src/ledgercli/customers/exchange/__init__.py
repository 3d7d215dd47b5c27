"""What goes between customer records and the rows of other systems: pure mapping."""
