"""Load client: open-loop or closed-loop traffic over raw HTTP/1.1, which reports its own limits."""
