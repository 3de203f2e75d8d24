"""The make-believe county 天津市武清区 behind the demonstration.

It writes the source systems of 32 agencies, the dirt in them and the truth
about that dirt. It is apart from the product and shares no code with it.
"""

VERSION = "3"
