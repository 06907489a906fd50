"""Those who receive what leaves the house: a mail server and an HTTP server of the test's own, on loopback."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class MailBox:
    """Takes mail as an SMTP server does. ``answers`` maps a receiver's address to a refusal; ``drops``: hangs up."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.receivers: list[str] = []
        self.answers: dict[str, str] = {}
        self.drops = False
        self.port = 0

    async def handle_RCPT(self, _server, _session, envelope: Envelope, address: str, _options) -> str:  # noqa: N802 - aiosmtpd's name
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.received.append(message_from_bytes(envelope.content or b"", policy=default))
        self.receivers += envelope.rcpt_tos
        if self.drops:
            server.transport.abort()
        return "250 OK"


class _AtFreePort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(context: ssl.SSLContext | None = None, port: int = 0) -> Iterator[MailBox]:
    """A mail server on a free port, or that ``port``; with ``context`` it demands STARTTLS."""
    box = MailBox()
    controller = _AtFreePort(box, "127.0.0.1", port, tls_context=context, require_starttls=context is not None)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


class Hooked:
    """Takes calls as a gateway does; answers ``status``, ``said`` and, for a redirect, ``to``."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, str], bytes]] = []
        self.status, self.said, self.to = 200, b'{"errcode": 0, "errmsg": "ok"}', ""
        self.drops = False
        self.url = ""


@contextmanager
def hook_server() -> Iterator[Hooked]:
    """An HTTP server on a free port."""
    hooked = Hooked()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            hooked.calls.append((self.path, {name.lower(): text for name, text in self.headers.items()}, content))
            if hooked.drops:
                self.connection.close()
                return
            self.send_response(hooked.status)
            if hooked.to:
                self.send_header("Location", hooked.to)
            self.send_header("Content-Length", str(len(hooked.said)))
            self.end_headers()
            self.wfile.write(hooked.said)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_args: object) -> None:
            """A connection that the test cut is no news."""

    server = Quiet(("127.0.0.1", 0), Handler)
    hooked.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hooked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's certificate for localhost, made on the spot: the context that shows it and the file that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, private = folder / "certificate.pem", folder / "key.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return context, trusted
