"""HTTP APIs: tables out of answers, page by page."""
