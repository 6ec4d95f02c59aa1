"""What an offer that looks at the load does for a day's visitors, beside one that never changes: thirty days each, by load.

    python -m tests.bench.bench_offering

The days, and what is counted how, are described in `tests/conversations/simulated_day.py`.
"""

from tests.bench.report import table
from tests.conversations.simulated_day import HEAD, TITLE, Day, figures, fixed, live, row

DAYS = 30
PRESSURES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.8)


def main() -> None:
    """Print the table."""
    offers = {"fixed": fixed, "live": live}
    rows = [
        row(pressure, name, figures([Day(seed, offering, pressure).run() for seed in range(DAYS)]))
        for pressure in PRESSURES
        for name, offering in offers.items()
    ]
    table(TITLE, HEAD, rows)


if __name__ == "__main__":
    main()
