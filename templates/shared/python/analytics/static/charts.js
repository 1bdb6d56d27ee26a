// Charts as SVG, with a fixed coordinate system of 600 by 100.

const WIDTH = 600;
const HEIGHT = 100;

function element(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function draw(svg, shapes) {
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  const axis = element("line", { class: "axis", x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT });
  svg.replaceChildren(axis, ...shapes);
}

// At least 1, so that an empty chart has no bars.
const highest = (values) => Math.max(1, ...values);

export function drawLine(svg, values) {
  const top = highest(values);
  const step = WIDTH / (values.length - 1);
  const points = values.map((value, index) => `${index * step},${HEIGHT - (value / top) * HEIGHT}`);
  draw(svg, [element("polyline", { class: "line", points: points.join(" ") })]);
}

export function drawBars(svg, values) {
  const top = highest(values);
  const step = WIDTH / values.length;
  draw(svg, values.map((value, index) => {
    const height = (value / top) * HEIGHT;
    return element("rect", { class: "bar", x: index * step + 1, y: HEIGHT - height, width: step - 2, height });
  }));
}
