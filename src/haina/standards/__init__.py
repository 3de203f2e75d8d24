"""标准规范: what data should mean (elements, code sets) and when they are right (quality)."""
