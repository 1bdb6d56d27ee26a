"""The Python and the Java shop side by side."""
