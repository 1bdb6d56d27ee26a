"""E-mail addresses in the one form that is stored and compared."""

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, WithJsonSchema

LONGEST = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets


def normal_email(address: str) -> str:
    """Return the normal form of `address`, in lower case; raise ValueError when it cannot be an address."""
    try:
        normal = validate_email(address, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise ValueError("not an e-mail address") from error
    if len(normal) > LONGEST:
        raise ValueError("longer than an e-mail address can be")
    return normal


Email = Annotated[
    str,
    AfterValidator(normal_email),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": LONGEST}),
]
