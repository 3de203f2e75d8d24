"""Speed: one file a figure, ours beside a peer in the same call; `make bench [ONLY=name]`."""
