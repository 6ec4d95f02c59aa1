"""Stage 3b: talking.

In: a message and whose it is (an anchor, a leg). Out: a numbered message in a conversation, the conversation's new state,
and who serves it. `thread.py` stores what is said, `routing.py` decides who answers, `cursors.py` how far everybody has
read, `view.py` composes what consoles and visitors are shown.
"""
