"""MySQL and MariaDB: a dialect, and a session that reads the wire itself."""
