"""Every promise about speed in one table: `python -m tests.bench`; with `--all`, what is behind it as well, one table after the other."""

import sys

from tests.bench import bars, bench_identity_cost, bench_reads, bench_sockets, bench_store, bench_widget

bars.main()
bench_identity_cost.main([])
if "--all" in sys.argv:
    sys.argv.remove("--all")
    bench_store.main()
    bench_sockets.main()
    bench_reads.main()
    sys.exit(bench_widget.main([]))
