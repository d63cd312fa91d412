"""The pure core: pages in, summaries and quotes out. No I/O, no clock, no chance."""
