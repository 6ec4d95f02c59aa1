"""A shop's server that uses segment-analytics-python: `segment_python.py URL KEY`."""

import sys

from segment import analytics

analytics.host, analytics.write_key = sys.argv[1:3]
analytics.gzip = True
failed: list[object] = []
analytics.on_error = lambda error, items: failed.append(error)

analytics.identify("u1", {"email": "ann@shop-mail.org", "name": "Ann Lee"})
analytics.track("u1", "Order Completed", {"order_id": "77", "total": 12.5, "odd": float("nan")})
analytics.track("u1", "Invoice Paid", {"amount": 5})
analytics.page("u1", None, "Account", {"url": "https://shop.example/me"})
analytics.group("u1", "g1", {"name": "Lee Ltd"})
analytics.alias("guest-9", "u1")
analytics.shutdown()
sys.exit(f"not taken: {failed}" if failed else 0)
