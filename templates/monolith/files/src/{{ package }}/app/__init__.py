"""The application: wires the bounded contexts and serves them."""
