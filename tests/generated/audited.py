"""Settings of shops that are loaded and audited."""

from secrets import token_urlsafe

ADMIN = f"admin@example.com:{token_urlsafe(12)}"
SETTINGS = {
    "AUDIT_ENABLED": "true",
    "SIGNING_KEYS": token_urlsafe(32),
    "ADMIN_EMAIL": ADMIN.partition(":")[0],
    "ADMIN_PASSWORD": ADMIN.partition(":")[2],
    **dict.fromkeys(("ORDERS_PER_USER", "LOGINS_PER_ADDRESS", "REGISTRATIONS_PER_ADDRESS"), "1000000/minute"),
}
