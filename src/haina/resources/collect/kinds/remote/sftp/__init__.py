"""Folders of files on an SFTP server, read through the formats of local files."""
