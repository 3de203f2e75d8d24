"""安全保障: who may do what (access), and the proof of what was done (evidence)."""
