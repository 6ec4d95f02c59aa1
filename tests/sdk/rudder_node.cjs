// A shop's server that uses @rudderstack/rudder-sdk-node: `node rudder_node.cjs URL KEY`.
const RudderAnalytics = require("@rudderstack/rudder-sdk-node");

const [dataPlaneUrl, key] = process.argv.slice(2);
const analytics = new RudderAnalytics(key, { dataPlaneUrl, flushInterval: 100 });
const settled = [];
const taken = (call) => settled.push(new Promise((done, failed) => call((error) => (error ? failed(error) : done()))));
taken((told) => analytics.identify({ userId: "u1", traits: { email: "ann@shop-mail.org", name: "Ann Lee" } }, told));
taken((told) => analytics.track({ userId: "u1", event: "Order Completed", properties: { order_id: "77", total: 12.5 } }, told));
taken((told) => analytics.track({ userId: "u1", event: "Invoice Paid", properties: { amount: 5 } }, told));
taken((told) => analytics.page({ userId: "u1", name: "Account", properties: { url: "https://shop.example/me" } }, told));
taken((told) => analytics.group({ userId: "u1", groupId: "g1", traits: { name: "Lee Ltd" } }, told));
taken((told) => analytics.alias({ userId: "u1", previousId: "guest-9" }, told));
Promise.all(settled).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
