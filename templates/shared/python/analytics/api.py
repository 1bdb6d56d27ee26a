"""HTTP API of analytics: figures for administrators, product views from any client."""

from fastapi import APIRouter, Request, Response

from chassis.auth.security import ADMIN, role
from chassis.http.replies import PRIVATE, reply
from chassis.http.requests import Body, Sku

from .domain import Summary
from .ports import Limit
from .service import Analytics
from .stream import LiveResponse, Stream
from .views import ViewRecorder


class NewView(Body):
    """A product view to record."""

    sku: Sku


def router(analytics: Analytics, stream: Stream, views: ViewRecorder, limit: Limit) -> APIRouter:
    """Return the routes of analytics; `limit` bounds the views that one address may report."""
    routes = APIRouter(tags=["analytics"])
    administrators = [role(ADMIN)]

    @routes.post("/v1/analytics/views", status_code=202, response_class=Response)
    async def record_view(body: NewView, request: Request) -> Response:
        await limit.hit(request.client.host if request.client else "unknown")
        await views.record(body.sku)
        return Response(status_code=202, headers=PRIVATE)

    @routes.get("/v1/analytics/summary", responses={200: {"model": Summary}}, dependencies=administrators)
    async def read_summary() -> Response:
        return reply(analytics.summary())

    @routes.get(
        "/v1/analytics/stream",
        responses={200: {"content": {"text/event-stream": {}}, "description": "A Summary every half second"}},
        dependencies=administrators,
    )
    async def follow() -> Response:
        return LiveResponse(stream)

    return routes
