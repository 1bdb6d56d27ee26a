const ui = SwaggerUIBundle({
  dom_id: "#docs",
  url: "/openapi.json",
  deepLinking: true,
  oauth2RedirectUrl: `${location.origin}/docs/oauth2-redirect`,
});
ui.initOAuth({ clientId: "docs", usePkceWithAuthorizationCodeGrant: true });
