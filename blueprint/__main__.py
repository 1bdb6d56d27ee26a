"""Entry point of `python -m blueprint`, which is the same as the command `blueprint`."""

from blueprint.cli import main

if __name__ == "__main__":
    main()
