"""The three shops under the same load, side by side."""
