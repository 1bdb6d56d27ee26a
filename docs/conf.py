"""Sphinx configuration of the documentation site. `make docs` builds it."""

from blueprint import __version__

project = "blueprint"
release = __version__
extensions = ["myst_parser"]
exclude_patterns: list[str] = []

# Give headings the same anchors as a Markdown viewer, so that links work in the repository and on the site.
myst_heading_anchors = 3
# A link to a page or an anchor that does not exist is a warning, and `make docs` makes warnings errors.
nitpicky = True

html_theme = "pydata_sphinx_theme"
html_title = "blueprint"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "blueprint"},
    "navbar_align": "left",
    "navigation_depth": 2,
    "show_nav_level": 2,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": [],
    "footer_end": [],
    "show_prev_next": True,
    "search_as_you_type": True,
}
