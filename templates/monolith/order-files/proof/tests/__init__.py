"""Tests of the audit, and of the shop under concurrency and crashes, which end with an audit."""
