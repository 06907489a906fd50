"""What runs without anybody asking: stored messages, timers, work after a commit."""
