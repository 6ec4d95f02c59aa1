"""The verbs. Each public function is one transaction that calls the stages in order; read `receive.py` first.

Actions are plain functions over `tx`: the web, the runners, jobs and the command line hand them to `store.write`, and call
nothing deeper. They decide nothing themselves; they say what follows what. `announce.py` is their common last step.
"""
