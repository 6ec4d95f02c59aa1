"""Every measurement, one after the other: `python -m tests.bench [--rounds N] [--seconds S] [--folder F]`."""

import sys

from tests.bench import bench_sockets, bench_store, bench_widget

bench_store.main()
bench_sockets.main()
sys.exit(bench_widget.main([]))
