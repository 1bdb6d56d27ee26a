"""Analytics: what the shop does right now, counted from its events.

It offers `service.Analytics` (consumes events and keeps the windows), `rebuild.rebuild`,
`views.ViewRecorder` (takes page views) and `api.router`.
"""
