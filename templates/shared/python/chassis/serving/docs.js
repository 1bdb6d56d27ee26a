// Show the documents that the page names as one, whichever services answer.
const page = document.querySelector("#docs");

async function fetched(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

function merged(one, other) {
  const components = { ...one.components };
  for (const [kind, parts] of Object.entries(other.components)) {
    components[kind] = { ...components[kind], ...parts };
  }
  return { ...one, paths: { ...one.paths, ...other.paths }, components };
}

const answers = await Promise.allSettled(page.dataset.documents.split(" ").map(fetched));
const documents = answers.filter((each) => each.status === "fulfilled").map((each) => each.value);
if (documents.length === 0) {
  page.textContent = "No API document is available. Try again later.";
} else {
  const ui = SwaggerUIBundle({
    dom_id: "#docs",
    spec: { ...documents.reduce(merged), info: { ...documents[0].info, title: document.title } },
    deepLinking: true,
    oauth2RedirectUrl: `${location.origin}/docs/oauth2-redirect`,
  });
  ui.initOAuth({ clientId: "docs", usePkceWithAuthorizationCodeGrant: true });
}
