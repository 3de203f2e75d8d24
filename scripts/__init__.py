"""Tools of the house: they make and check what is generated."""
