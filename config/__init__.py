"""Settings and data: languages, weights, starter sources, sample pages. Only bot reads it."""
