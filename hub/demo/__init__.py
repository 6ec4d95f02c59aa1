"""The demo: a small shop of our own on another origin, and visitors who are simulated.

It shows the hub the way a shop's owner will meet it: the shop only has the script tag and signs who its customers are; the visitors
use the same public socket as real ones. Nothing here is known to the rest of the hub.
"""
