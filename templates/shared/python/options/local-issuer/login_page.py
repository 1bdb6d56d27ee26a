"""The login page: plain HTML without scripts."""

import base64
import hashlib
from html import escape

from starlette.responses import HTMLResponse

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 22rem; margin: 4rem auto; padding: 0 1rem; }
label { display: block; margin: 1rem 0; }
input { box-sizing: border-box; display: block; font: inherit; padding: .4rem; width: 100%; }
button { font: inherit; padding: .4rem 1.2rem; }
"""
_PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title}</title>
  <style>{style}</style>
</head>
<body>
<h1>{title}</h1>
{content}
</body>
</html>
"""
_FORM = """{error}<p>to continue to {client}.</p>
<form method="post">
  <label>Email <input name="email" type="email" autocomplete="username" required autofocus></label>
  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <button>Log in</button>
</form>
<p>This is the issuer for development. The accounts and their passwords are in <code>.env</code>.</p>"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def login_page(client: str, redirect_origin: str, error: str = "") -> HTMLResponse:
    """Return the page that asks for email and password, and posts them to its own address."""
    alert = f'<p role="alert">{escape(error)}</p>\n' if error else ""
    content = _FORM.format(client=escape(client), error=alert)
    # Browsers apply form-action also to the redirect that follows the form.
    return _page("Log in", content, 403 if error else 200, f"'self' {redirect_origin}")


def error_page(reason: str) -> HTMLResponse:
    """Return the page for a request that must not be redirected."""
    return _page("This request cannot be granted", f"<p>{escape(reason)}</p>", 400, "'none'")


def _page(title: str, content: str, status: int, form_action: str) -> HTMLResponse:
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action {form_action}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    body = _PAGE.format(title=title, style=_STYLE, content=content)
    return HTMLResponse(body, status, _HEADERS | {"Content-Security-Policy": policy})
