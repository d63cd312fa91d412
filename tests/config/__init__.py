"""Settings and data, by their behaviour."""
