"""The content context: articles that authors write, editors publish and anybody reads.

Public interface: `service.Articles` (writing), `publication.Publications` (publishing), `reading.Library`
(published articles as cached JSON, the feed and the sitemap), `staff.Staff` (authors and editors), and the
routers in `reader_api` and `staff_api`. `domain.ArticleEvent` is what others learn of publications.
"""
