"""Resumable application of an update's edits."""
