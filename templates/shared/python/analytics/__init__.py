"""Analytics: sales and product views of the last hour, counted from events in real time.

It offers `service.Analytics` (consumes events and maintains the windows), `rebuild.rebuild`,
`views.ViewRecorder` (publishes product views) and `api.router`.
"""
