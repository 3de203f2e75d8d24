"""dBase and FoxPro tables."""
