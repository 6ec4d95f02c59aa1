// The shop's own script: cart, checkout, and the few calls a shop makes to the hub.
// The hub's widget may load before or after this file, so calls are queued until it is there.
window.hub = window.hub || function () { (hub.q = hub.q || []).push(arguments); };

const one = (selector, within = document) => within.querySelector(selector);
const money = (sum) => `€${sum}`;

// ---------------------------------------------------------------- what the browser keeps

const kept = (storage, key, otherwise) => {
  try { return JSON.parse(storage.getItem(key)) ?? otherwise; } catch { return otherwise; }
};
const keep = (storage, key, value) => {
  try { storage.setItem(key, JSON.stringify(value)); } catch { /* a private window may refuse: then nothing is kept */ }
};

// ---------------------------------------------------------------- the cart

const catalogue = fetch("/catalogue.json").then((answer) => answer.json());
const cart = () => kept(localStorage, "cart", {});

async function total(delivery = "parcel") {
  const products = await catalogue;
  const lines = Object.entries(cart()).filter(([slug]) => products[slug]);
  const items = lines.map(([slug, count]) => ({ id: slug, name: products[slug].name, price: products[slug].price, count }));
  const goods = items.reduce((sum, item) => sum + item.price * item.count, 0);
  return { items, goods, delivery: !goods || goods >= 80 || delivery === "workshop" ? 0 : 6 };
}

async function put(slug, count) {
  const now = cart();
  if (count > 0) now[slug] = Math.min(9, count);
  else delete now[slug];
  keep(localStorage, "cart", now);
  await shown();
}

async function shown() {
  const { items, goods, delivery } = await total(kept(sessionStorage, "order", {}).delivery);
  const pieces = items.reduce((sum, item) => sum + item.count, 0);
  const badge = one("[data-count]");
  badge.hidden = !pieces;
  badge.textContent = pieces;
  badge.setAttribute("aria-label", `${pieces} in the cart`);
  for (const list of document.querySelectorAll("[data-sums]")) sums(list, goods, delivery);
  if (one("[data-lines]")) lines(items);
  const told = JSON.stringify(items);
  if (told !== kept(sessionStorage, "cart-told", items.length ? "" : "[]")) {
    keep(sessionStorage, "cart-told", told);
    const line = ({ id, name, price, count }) => ({ sku: id, name, price, quantity: count, url: `${location.origin}/product/${id}` });
    hub("cart", { items: items.map(line), value: goods, currency: "EUR" });
  }
}

function sums(list, goods, delivery) {
  const rows = [["Pieces", money(goods)], ["Delivery", delivery ? money(delivery) : "free"], ["In all", money(goods + delivery)]];
  list.replaceChildren(...rows.flatMap(([name, value]) => [element("dt", name), element("dd", value)]));
}

async function lines(items) {
  const products = await catalogue;
  one("[data-cart]").hidden = !items.length;
  one("[data-cart-empty]").hidden = !!items.length;
  one("[data-lines]").replaceChildren(...items.map(({ id, name, price, count }) => {
    const line = one("[data-line]").content.cloneNode(true);
    one(".thumb", line).href = one(".line-name", line).href = `/product/${id}`;
    one(".thumb", line).dataset.tone = products[id].tone;
    one("img", line).src = `/files/${id}.svg`;
    one(".line-name", line).textContent = name;
    one(".line-price", line).textContent = count > 1 ? `${count} × ${money(price)}` : money(price);
    const input = one("input", line);
    input.value = count;
    input.addEventListener("change", () => put(id, Number(input.value)));
    one("button", line).setAttribute("aria-label", `Remove ${name}`);
    one("button", line).addEventListener("click", () => {
      hub("track", "remove_from_cart", { sku: id });
      put(id, 0);
    });
    return line;
  }));
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function tell(text) {
  const told = one("[data-told]");
  told.textContent = text;
  told.classList.add("on");
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => told.classList.remove("on"), 2600);
}

for (const button of document.querySelectorAll("[data-add]")) {
  button.addEventListener("click", async () => {
    const id = button.dataset.add;
    const count = Math.max(1, Number(one("[name=count]")?.value) || 1);
    await put(id, (cart()[id] || 0) + count);
    const { name, price } = (await catalogue)[id];
    hub("track", "add_to_cart", { sku: id, name, price, quantity: count });
    tell(`${name} is in your cart`);
  });
}

// ---------------------------------------------------------------- checkout

const LABELS = {
  name: "Name", email: "E-mail", street: "Street", town: "Town", country: "Country", delivery: "Delivery", payment: "Payment",
  parcel: "By parcel, in straw", workshop: "At the workshop", invoice: "By invoice", transfer: "By bank transfer",
};

for (const form of document.querySelectorAll("[data-step]")) {
  const order = kept(sessionStorage, "order", {});
  for (const [name, value] of Object.entries(order)) {
    const field = form.elements[name];
    if (field && !field.value) field.value = value;
    else if (field instanceof RadioNodeList) field.value = value;
  }
  const review = one("[data-review]", form);
  const rows = Object.entries(order).filter(([name]) => LABELS[name]);
  review?.replaceChildren(...rows.flatMap(([name, value]) => [element("dt", LABELS[name]), element("dd", LABELS[value] ?? value)]));
  hub("track", "checkout", { step: Number(form.dataset.n) });
  form.addEventListener("invalid", ({ target }) => hub("track", "form_error", { field: target.name }), true);
  form.addEventListener("change", () => {
    keep(sessionStorage, "order", { ...order, ...Object.fromEntries(new FormData(form)) });
    shown();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    keep(sessionStorage, "order", { ...order, ...Object.fromEntries(new FormData(form)) });
    if ("order" in form.dataset) {
      const { goods, delivery } = await total(order.delivery);
      const number = `BV-${Date.now().toString(36).slice(-6).toUpperCase()}`;
      hub("track", "order", { id: number, value: goods + delivery, currency: "EUR" });
      keep(sessionStorage, "order", { ...order, number });
      keep(localStorage, "cart", {});
    }
    location.assign(form.dataset.step);
  });
}
if (one("[data-order-number]")) one("[data-order-number]").textContent = kept(sessionStorage, "order", {}).number ?? "";

// ---------------------------------------------------------------- who is logged in

// The shop's server says who this is; the signed word is kept while it lives, so that pages do not ask again and again.
async function identify(customer) {
  let signed = kept(sessionStorage, "identity", null);
  if (signed?.customer !== customer || signed.until < Date.now() + 60_000) {
    const answer = await fetch("/account/token", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    if (!answer.ok) return;
    const { token, seconds } = await answer.json();
    signed = { customer, token, until: Date.now() + seconds * 1000 };
    keep(sessionStorage, "identity", signed);
  }
  hub("identify", { token: signed.token });
}

const customer = document.documentElement.dataset.customer;
if (customer) identify(customer);
else if (kept(sessionStorage, "identity", null)) {
  sessionStorage.removeItem("identity");
  hub("reset");
}

// ---------------------------------------------------------------- what to try

const hints = one("[data-try]");
if (hints) {
  hints.hidden = kept(localStorage, "hints", true) === false;
  one("[data-try-close]").addEventListener("click", () => {
    hints.hidden = true;
    keep(localStorage, "hints", false);
  });
}

const piece = one("[data-product]");
if (piece) {
  catalogue.then(({ [piece.dataset.product]: { name, price } }) => {
    hub("track", "product", { sku: piece.dataset.product, name, price });
  });
}

const searched = one("[data-search]");
if (searched) hub("track", "search", { query: searched.dataset.search, results: Number(searched.dataset.results) });
shown();
