// Who is signed in. Tokens are kept in memory only: a script that steals storage finds none there.

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

// Where an identity provider keeps the accounts, this shop has no sign-in of its own (RFC 9728).
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
    const answer = await post("/v1/auth/login", { email, password });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.detail);
    return new Session(body.access_token, body.refresh_token);
  }

  get headers() {
    return { Authorization: `Bearer ${this.#access}` };
  }

  // Get a new access token; false if only a person can.
  async renew() {
    if (this.#refresh === null) return false;
    const answer = await post("/v1/auth/refresh", { refresh_token: this.#refresh });
    if (answer.status >= 500) throw new Error("The shop does not answer.");
    if (!answer.ok) return false;
    const body = await answer.json();
    this.#access = body.access_token;
    this.#refresh = body.refresh_token;
    return true;
  }
}
