// A page that uses @rudderstack/analytics-js; the hub's address and the key come from the page.
import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";

const { hub, key, batching } = window.shop;
const analytics = new RudderAnalytics();
analytics.load(key, hub, { configUrl: hub, useBeacon: Boolean(batching), beaconQueueOptions: { maxItems: 4, flushQueueInterval: 300 }, logLevel: "ERROR" });
window.visit = () =>
  new Promise((done) =>
    analytics.ready(() => {
      analytics.page("Vases");
      analytics.track("Products Searched", { query: "vase" });
      analytics.identify("u1", { email: "ann@shop-mail.org", name: "Ann Lee" });
      analytics.group("g1", { name: "Lee Ltd" });
      analytics.alias("u1", "guest-9");
      done(analytics.getAnonymousId());
    }),
  );
