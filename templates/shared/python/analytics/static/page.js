import { drawBars, drawLine } from "./charts.js";
import { follow } from "./feed.js";
import { asksForToken, Session } from "./session.js";

const part = (id) => document.getElementById(id);
const form = part("sign-in");
const integer = new Intl.NumberFormat();
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 2 });

function say(state) {
  if (part("state").textContent !== state) part("state").textContent = state;
}

function formatter(currency) {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  const minor = 10 ** format.resolvedOptions().maximumFractionDigits;
  return (amount) => format.format(amount / minor);
}

function row({ sku, units, revenue }, money) {
  const created = document.createElement("tr");
  for (const text of [sku, integer.format(units), money(revenue)]) created.insertCell().textContent = text;
  return created;
}

function show(summary) {
  const money = formatter(summary.currency);
  const { orders_per_second: orders, revenue_per_minute: revenue, conversion } = summary;
  const now = orders.at(-1);
  part("rate").textContent = integer.format(now);
  part("revenue").textContent = money(revenue.reduce((sum, value) => sum + value, 0));
  part("refunded").textContent = money(summary.refunded);
  part("conversion").textContent = conversion.rate === null ? "–" : percent.format(conversion.rate);
  drawLine(part("orders-chart"), orders);
  part("orders-text").textContent = `Now ${integer.format(now)}, at most ${integer.format(Math.max(...orders))}`;
  drawBars(part("minutes-chart"), revenue);
  part("minutes-text").textContent = `This minute ${money(revenue.at(-1))}, at most ${money(Math.max(...revenue))}`;
  part("products").replaceChildren(...summary.top_products.map((product) => row(product, money)));
  say("Live");
}

async function signIn(event) {
  event.preventDefault();
  const { email, password, token } = Object.fromEntries(new FormData(form));
  try {
    const session = token ? new Session(token) : await Session.signIn(email, password);
    form.reset();
    form.hidden = true;
    part("figures").hidden = false;
    say("Connecting");
    await follow(session, show, say);
  } catch (error) {
    form.hidden = false;
    part("figures").hidden = true;
    say(error.message);
  }
}

form.addEventListener("submit", signIn);
if (await asksForToken()) {
  for (const each of form.querySelectorAll(".password")) each.hidden = true;
  form.querySelector(".token").hidden = false;
}
