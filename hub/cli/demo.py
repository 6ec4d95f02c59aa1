"""`hub demo`"""


def demo() -> None:
    """d"""
