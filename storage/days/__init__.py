"""Days: requests, allocations, what was credited."""
