"""Sources behind a network that is not a database's: HTTP APIs and folders over SFTP."""
