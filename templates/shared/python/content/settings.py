"""Settings of content."""

from chassis.settings import HttpUrl, Settings


class ContentSettings(Settings):
    """The address of the articles for readers, to which the feed and the sitemap add `/<slug>`.

    Set it to the pages of a front end, or to the shop's own `/v1/articles`.
    """

    articles_url: HttpUrl = "http://localhost:8000/v1/articles"
