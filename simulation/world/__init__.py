"""One consistent population, its households, firms and institutions."""
