"""HTTP: requests that a program answers, and their errors."""
