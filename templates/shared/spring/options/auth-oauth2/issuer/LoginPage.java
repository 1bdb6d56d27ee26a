package com.example.shop.issuer;

import java.util.Map;

/** The login page: plain HTML without scripts. */
final class LoginPage {

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>%1$s</title>
            </head>
            <body>
            <h1>%1$s</h1>
            %2$s
            </body>
            </html>
            """;
    private static final String FORM = """
            <p role="alert">%s</p>
            <p>to continue to %s.</p>
            <form method="post">
              <p><label>Email <input name="email" type="email" autocomplete="username" required autofocus></label></p>
              <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label></p>
              <button>Log in</button>
            </form>
            <p>This is the issuer for development. The accounts and their passwords are in <code>.env</code>.</p>""";

    private LoginPage() {}

    /** Returns the page that asks for email and password, and posts them to its own address. */
    static Response form(AuthorizationRequest request, String error) {
        String content = FORM.formatted(error, escaped(request.client().name()));
        // Browsers apply form-action also to the redirect that follows the form.
        return page("Log in", content, error.isEmpty() ? 200 : 403, "'self' " + Clients.origin(request.redirectUri()));
    }

    /** Returns the page for a request that must not be redirected. */
    static Response refusal(String reason) {
        return page("This request cannot be granted", "<p>" + escaped(reason) + "</p>", 400, "'none'");
    }

    private static Response page(String title, String content, int status, String formAction) {
        String policy = "default-src 'none'; form-action " + formAction + "; base-uri 'none'; frame-ancestors 'none'";
        Map<String, String> headers = Map.of(
                "Content-Type", "text/html; charset=utf-8",
                "Content-Security-Policy", policy,
                "Referrer-Policy", "no-referrer",
                "X-Content-Type-Options", "nosniff");
        return new Response(status, PAGE.formatted(title, content), headers);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
