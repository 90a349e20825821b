"""What the program does, one module each: the only place where the rooms meet."""
