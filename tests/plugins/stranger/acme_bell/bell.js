// The bell in the visitor's page. The widget imports this module on first use and calls start(page) once.
export default function start(page) {
  const root = page.mount();
  const bell = document.createElement("button");
  bell.type = "button";
  bell.textContent = (page.data && page.data.greeting) || "Ding!";
  const count = document.createElement("output");
  count.setAttribute("aria-live", "polite");
  bell.addEventListener("click", () => page.send("bell.ring", { at: Date.now() }));
  page.on("bell.rang", (data) => {
    count.textContent = String(data.times);
  });
  root.append(bell, count);
}
