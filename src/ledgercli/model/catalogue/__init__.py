"""The one catalogue of finding codes: each with severity, message, hint and explanation.

Every module here holds the codes of one source and lists them in ``CODES``; ``everything`` gathers
them. Messages and hints are translated where they are worded (``output/wording.py``); ``N_`` only
marks them for extraction.
"""
