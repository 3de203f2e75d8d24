"""The ground floor: platform database, settings, clock, ids, errors, outbox, job queue, SQL.

It knows nothing of agencies, datasets or policies.
"""
