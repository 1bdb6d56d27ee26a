"""The application: the bounded contexts put together and served."""
