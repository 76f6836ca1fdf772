"""``make faults``: plant faults in the package, one at a time, and count which the tests catch."""
