"""JSON: an array of objects, or one object a line."""
