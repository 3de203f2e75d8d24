"""What every kind does with rows: types of the lake, exact casts, bad rows aside, hash of keys."""
