"""Text whose fields lie at fixed places."""
