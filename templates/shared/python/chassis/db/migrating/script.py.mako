<%!
    def code(lines):
        return "\n".join(line for line in lines.splitlines() if "###" not in line).strip()
%>\
"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Change the tables."""
    ${upgrades | code}


def downgrade() -> None:
    """Revert the change."""
    ${downgrades | code}
