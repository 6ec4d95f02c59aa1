"""Stage 3a: what a visitor is doing now.

In: what a page says (hello, another page, still here). Out: visits and page views in the database, and the board of who is on the
sites this minute. `tokens.py` recognises a browser, `track.py` keeps its visits, `live.py` is the board, in memory only: it is
rebuilt by the sockets themselves after a restart.
"""
