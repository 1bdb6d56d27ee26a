"""Programs that write files of this repository: pins, reference pages, pictures, diagrams."""
