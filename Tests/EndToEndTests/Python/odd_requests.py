"""Requests that no client should send: each gets one of the answers named here, or is closed."""

from __future__ import annotations

import argparse

import raw_http

CLOSED = 0
LONG = b"a" * 100_000
GET = b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n"

# What is sent, and the statuses that are allowed.
REQUESTS = {
    "HTTP/1.0": (b"GET /-/healthy HTTP/1.0\r\n\r\n", {200}),
    "HTTP/0.9": (b"GET /-/healthy\r\n\r\n", {400, CLOSED}),
    "HTTP/2 by prior knowledge": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, CLOSED}),
    "a later version": (b"GET /-/healthy HTTP/3.7\r\nHost: x\r\n\r\n", {400}),
    "bare line feeds": (b"GET /-/healthy HTTP/1.1\nHost: x\n\n", {200, 400}),
    "a bare carriage return": (GET + b"X: a\rb\r\n\r\n", {400}),
    "a folded field": (GET + b"X: a\r\n b\r\n\r\n", {200, 400}),
    "a null in a field": (GET + b"X: a\0b\r\n\r\n", {400}),
    "a space before the colon": (GET + b"X : a\r\n\r\n", {200, 400}),
    "an empty field name": (GET + b": a\r\n\r\n", {400}),
    "two lengths": (GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", {400}),
    "a negative length": (GET + b"Content-Length: -1\r\n\r\n", {400}),
    "a length past 64 bits": (GET + b"Content-Length: 99999999999999999999\r\n\r\n", {400, 413}),
    "a length and chunks": (
        GET + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        {400},
    ),
    "an encoding of an encoding": (
        GET + b"Transfer-Encoding: chunked, gzip\r\n\r\n",
        {400},
    ),
    "an encoding that is not known": (GET + b"Transfer-Encoding: xchunked\r\n\r\n", {400}),
    "an encoding before chunks": (
        GET + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        {400},
    ),
    "an encoding in HTTP/1.0": (
        b"GET /-/healthy HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        {400},
    ),
    "a chunk of no size": (GET + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", {200, 400}),
    "a huge field": (GET + b"X: " + LONG + b"\r\n\r\n", {431}),
    "many fields": (GET + b"X: y\r\n" * 5000 + b"\r\n", {431}),
    "a huge path": (b"GET /" + LONG + b" HTTP/1.1\r\nHost: x\r\n\r\n", {414, 431}),
    "a body too large": (
        b"POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n" + LONG,
        {413},
    ),
    "a body for a page": (GET + b"Content-Length: 5\r\n\r\nhello", {200}),
    "100-continue": (
        b"POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
        b"Expect: 100-continue\r\n\r\n",
        {200},
    ),
    "a range": (GET + b"Range: bytes=0-1\r\n\r\n", {200}),
    "a traversal": (b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", {404}),
    "an escaped traversal": (b"GET /%2e%2e/%2fetc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", {404}),
    "a null in a path": (b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", {404}),
    "broken escapes": (b"GET /%zz%f HTTP/1.1\r\nHost: x\r\n\r\n", {404, 400}),
    "broken UTF-8": (b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", {404, 400}),
    "a whole URL": (b"GET http://x/-/healthy HTTP/1.1\r\nHost: x\r\n\r\n", {200, 400, 404}),
    "no host": (b"GET /-/healthy HTTP/1.1\r\n\r\n", {200, 400}),
    "an asterisk": (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", {400, 404, 405}),
    "CONNECT": (b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", {400, 404, 405}),
    "TRACE": (b"TRACE /metrics HTTP/1.1\r\nHost: x\r\n\r\n", {405}),
    "PUT": (b"PUT /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", {405}),
    "a method of no name": (b"FROB /metrics HTTP/1.1\r\nHost: x\r\n\r\n", {400, 405}),
    "an upgrade": (GET + b"Connection: upgrade\r\nUpgrade: websocket\r\n\r\n", {200}),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200, {400, CLOSED}),
    "zeros": (b"\0" * 4096, {400, CLOSED}),
    "a line without end": (b"G" * 4096, {400, CLOSED}),
    "a thousand requests at once": ((GET + b"\r\n") * 1000, {200}),
}

FIELDS = (b"x-content-type-options: nosniff", b"cache-control: no-store")


def verdict(url: str, request: bytes, statuses: set[int]) -> str:
    """What is wrong with the answer; nothing if it is right."""
    with raw_http.connect(url, timeout=20) as client:
        try:
            client.sendall(request)
            answer = raw_http.receive(client)
        except (BrokenPipeError, ConnectionResetError):
            answer = b""
        except TimeoutError:
            return "no answer, and not closed"
    status = raw_http.status(answer)
    head = answer.partition(b"\r\n\r\n")[0].lower()
    if status not in statuses:
        return f"answered {status}: {answer[:80]}"
    missing = [field for field in FIELDS if status != CLOSED and field not in head]
    return f"lacks {missing}" if missing else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    url = parser.parse_args().url
    wrong = 0
    for name, (request, statuses) in REQUESTS.items():
        text = verdict(url, request, statuses)
        if text:
            print(f"{name}: {text}; expected {sorted(statuses)}")
            wrong += 1
    raw_http.expect_scrapes(url, count=3)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
