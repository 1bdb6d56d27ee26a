"""Tests of the Java of the Spring stack, as it stands in templates/shared/spring."""
