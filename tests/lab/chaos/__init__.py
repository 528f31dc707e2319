"""Minutes of faults and load over all kinds of daemons: what is done, what was promised, and what is measured."""
