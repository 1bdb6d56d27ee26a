"""Generated shops in real containers, on Docker and base images that are made from Debian's packages."""
