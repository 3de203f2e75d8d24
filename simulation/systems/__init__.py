"""The agencies' systems that run: databases, an API, a file server, a program that pushes.

The county of files is one folder; these are processes: PostgreSQL, MariaDB, sshd and an HTTP API
of our own, filled from the same world by the same seed, and a pusher that posts alarms to the
platform. `python -m simulation.systems` keeps them up; packs/wuqing_live says how they are read.
"""
