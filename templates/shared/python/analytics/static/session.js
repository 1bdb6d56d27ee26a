// The signed-in session. Tokens are kept in memory only, so that a script cannot steal them from storage.

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

// A shop with an external identity provider has no login route (RFC 9728).
export async function asksForToken() {
  return (await fetch("/.well-known/oauth-protected-resource")).ok;
}

export class Session {
  #access;
  #refresh;

  constructor(access, refresh = null) {
    this.#access = access;
    this.#refresh = refresh;
  }

  static async signIn(email, password) {
    const response = await post("/v1/auth/login", { email, password });
    const body = await response.json();
    if (!response.ok) throw new Error(body.detail);
    return new Session(body.access_token, body.refresh_token);
  }

  get headers() {
    return { Authorization: `Bearer ${this.#access}` };
  }

  // Refresh the access token; return false if the user has to sign in again.
  async renew() {
    if (this.#refresh === null) return false;
    const response = await post("/v1/auth/refresh", { refresh_token: this.#refresh });
    if (response.status >= 500) throw new Error("The shop is not responding.");
    if (!response.ok) return false;
    const body = await response.json();
    this.#access = body.access_token;
    this.#refresh = body.refresh_token;
    return true;
  }
}
