"""A small OpenID provider that really runs: discovery, keys, authorization, token, userinfo."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "tessera", "a secret between the two"


@dataclass
class Provider:
    """One institution. person: the claims about whoever signs in there next. asks: whether they
    are asked on a page first, as browsers see it; else they are sent back at once.
    """

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    asks: bool = False
    audience: str = CLIENT
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def page(self, asked: dict[str, str]) -> str:
        """What is asked there; the answer comes back with all that was asked."""
        fields = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in asked.items()
        )
        return (
            '<!doctype html><html lang="en"><title>The Ministry</title><h1>The Ministry</h1>'
            f"<form>{fields}"
            '<button name="answer" value="yes">Agree</button>'
            '<button name="answer" value="no">Refuse</button></form></html>'
        )

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes next: everybody who comes is let in, unless they refuse."""
        self.asked.append(asked)
        if asked.get("answer") == "no":
            refused = {"error": "access_denied", "state": asked["state"]}
            return f"{asked['redirect_uri']}?{urlencode(refused)}"
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """A token for a code, once, for the client that knows the secret and the verifier."""
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, SECRET):
            return None
        if (challenge, sent["redirect_uri"]) != (asked["code_challenge"], asked["redirect_uri"]):
            return None
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": self.audience, "iat": now, "exp": now + 60, **self.person
        }  # fmt: skip
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": "t", "token_type": "Bearer", "expires_in": 60, "id_token": signed}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: pytest shows what fails."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                if provider.asks and "answer" not in asked:
                    self._send(200, "text/html; charset=utf-8", provider.page(asked).encode())
                    return
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
            elif parts.path == "/userinfo":
                known = self.headers.get("Authorization") == "Bearer t"
                self._json(provider.person if known else None)
            elif parts.path == "/keys":
                self._json(provider.keys())
            elif parts.path == "/.well-known/openid-configuration":
                self._json(provider.discovery())
            else:
                self._json(None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            self._json(provider.token(sent))

        def _json(self, answer: dict[str, Any] | None) -> None:
            body = json.dumps(answer or {"error": "invalid_request"}).encode()
            self._send(200 if answer else 400, "application/json", body)

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@contextmanager
def institution() -> Iterator[Provider]:
    """A provider that answers on 127.0.0.1 while the block runs."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
