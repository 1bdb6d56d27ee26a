"""Load client: open-loop or closed-loop traffic over raw HTTP/1.1, honest about its own limits."""
