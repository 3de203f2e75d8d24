"""统筹管理: the organizations; flows and legal clocks follow in a later issue."""
