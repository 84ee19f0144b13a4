"""What people do with it: synthetic populations, plots, and the demonstration."""
