// A page that uses @segment/analytics-next; the hub's address and the key come from the page.
import { AnalyticsBrowser } from "@segment/analytics-next";

const { hub, key, batching } = window.shop;
const settings = { writeKey: key, cdnURL: hub };
const options = { integrations: { "Segment.io": batching ? { deliveryStrategy: { strategy: "batching", config: { size: 4, timeout: 300 } } } : {} } };
const analytics = AnalyticsBrowser.load(settings, options);
window.visit = async () => {
  await analytics.page("Vases");
  await analytics.track("Products Searched", { query: "vase" });
  await analytics.identify("u1", { email: "ann@shop-mail.org", name: "Ann Lee" });
  await analytics.group("g1", { name: "Lee Ltd" });
  await analytics.alias("u1", "guest-9");
  return (await analytics.user()).anonymousId();
};
