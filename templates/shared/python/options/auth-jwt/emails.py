"""Email addresses in the one form in which they are stored and compared."""

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, WithJsonSchema

LONGEST = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets


def normal_email(address: str) -> str:
    """Return `address` in normal form and lower case; raise ValueError if it is not a valid address."""
    try:
        normal = validate_email(address, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise ValueError("not a valid email address") from error
    if len(normal) > LONGEST:
        raise ValueError(f"an email address has at most {LONGEST} characters")
    return normal


Email = Annotated[
    str,
    AfterValidator(normal_email),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": LONGEST}),
]
