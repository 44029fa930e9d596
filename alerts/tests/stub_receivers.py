"""Slack, PagerDuty, a webhook and a mail server on this machine, which keep what they get as bytes."""

from __future__ import annotations

import http.server
import pathlib
import socketserver
import ssl
import subprocess
import threading


class HTTPReceiver:
    """Keeps the bodies posted to each path and answers as Slack does."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        bodies = self.bodies

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                bodies.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def at(self, path: str) -> list[bytes]:
        """What a path got, in order."""
        return [body for each, body in list(self.bodies) if each == path]


def certificate(folder: pathlib.Path) -> pathlib.Path:
    """A key and a certificate for localhost in one file, signed by itself."""
    path = folder / "mail.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", path, "-out", folder / "certificate.pem"], check=True, capture_output=True)
    path.write_text(path.read_text() + (folder / "certificate.pem").read_text())
    return path


class MailReceiver:
    """Speaks as much SMTP as Alertmanager needs, STARTTLS and AUTH PLAIN included.

    `mails` has the sender, the recipients and the bytes of each message.
    """

    def __init__(self, pem: pathlib.Path) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        mails = self.mails
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)

        class Handler(socketserver.StreamRequestHandler):
            def say(self, *lines: str) -> None:
                self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

            def message(self) -> bytes:
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line.removeprefix(b"."))
                return b"".join(lines)

            def encrypt(self) -> None:
                self.connection = context.wrap_socket(self.connection, server_side=True)
                self.setup_files()

            def setup_files(self) -> None:
                self.rfile = self.connection.makefile("rb")
                self.wfile = self.connection.makefile("wb", buffering=0)

            def handle(self) -> None:
                self.setup_files()
                self.say("220 localhost")
                sender, recipients, encrypted = "", [], False
                while line := self.rfile.readline().decode().rstrip("\r\n"):
                    verb = line.split()[0].upper()
                    if verb == "EHLO":
                        self.say("250-localhost", "250 AUTH PLAIN" if encrypted else "250 STARTTLS")
                    elif verb == "STARTTLS":
                        self.say("220 go on")
                        self.encrypt()
                        encrypted = True
                    elif verb == "AUTH":
                        self.say("235 welcome")
                    elif verb == "MAIL":
                        sender = line
                        self.say("250 ok")
                    elif verb == "RCPT":
                        recipients.append(line)
                        self.say("250 ok")
                    elif verb == "DATA":
                        self.say("354 go on")
                        mails.append((sender, recipients, self.message()))
                        self.say("250 ok")
                    elif verb == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("502 no")

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads, request_queue_size = True, True, 128

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
