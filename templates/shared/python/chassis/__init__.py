"""The chassis: infrastructure that all bounded contexts use and that imports none of them."""
