"""The figures of one process; those of several are met in tests/e2e/test_workers.py."""

from queue_core.web.request_log import Metrics


def test_open_streams_are_told_as_they_are_when_asked() -> None:
    streams = [3]
    metrics = Metrics(lambda: streams[0])
    assert b"wartezone_streams 3.0" in metrics.text()
    streams[0] = 0
    assert b"wartezone_streams 0.0" in metrics.text()


def test_answers_are_counted_by_route_and_what_no_route_matched_together() -> None:
    metrics = Metrics(lambda: 0)
    metrics.count("GET", "/livez", 200, 0.001)
    metrics.count("GET", None, 404, 0.001)
    metrics.count("POST", None, 404, 0.001)
    text = metrics.text().decode()
    assert 'wartezone_http_requests_total{method="GET",route="/livez",status="200"} 1.0' in text
    assert 'wartezone_http_requests_total{method="",route="unrouted",status="404"} 2.0' in text
    assert 'wartezone_http_request_seconds_count{route="unrouted"} 2.0' in text
