"""What is queued is delivered: pacing, retries, the lease, the outbox's sender."""
