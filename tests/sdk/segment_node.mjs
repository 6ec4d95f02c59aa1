// A shop's server that uses @segment/analytics-node: `node segment_node.mjs URL KEY`.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey, disable: false });
analytics.on("error", (error) => {
  console.error(error);
  process.exitCode = 1;
});
analytics.identify({ userId: "u1", traits: { email: "ann@shop-mail.org", name: "Ann Lee" } });
analytics.track({ userId: "u1", event: "Order Completed", properties: { order_id: "77", total: 12.5 } });
analytics.track({ userId: "u1", event: "Invoice Paid", properties: { amount: 5 } });
analytics.page({ userId: "u1", name: "Account", properties: { url: "https://shop.example/me" } });
analytics.group({ userId: "u1", groupId: "g1", traits: { name: "Lee Ltd" } });
analytics.alias({ userId: "u1", previousId: "guest-9" });
await analytics.closeAndFlush({ timeout: 30000 });
