"""Audit events of Python that stand for operations on files of one folder."""

OPERATIONS = ("open", "os.", "shutil.")


def is_operation_in(folder: str, event: str, arguments: tuple[object, ...]) -> bool:
    """Whether an audit event creates, opens, changes, renames or removes something in `folder`.

    A descriptor does not say which file it belongs to, so an operation on one counts.
    """
    return event.startswith(OPERATIONS) and (isinstance(arguments[0], int) or folder in str(arguments[0]))
