"""Platform-neutral answers, by their behaviour."""
