"""The built site on a plain web server, and a guard that nothing outside of it is asked for."""

from __future__ import annotations

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE = Path(__file__).parents[2] / "build" / "site"
HOW_TO_GET_ONE = "There is no site in build/site yet. 'make site' builds it."
# Not at the server's root, as on GitHub Pages.
PLACE = "/school/factory/"
# Whom Chromium asks of its own accord, whatever page it shows: for news of itself, for a sign-in,
# and for help with a form that is about to be filled in.
BROWSERS_OWN = (
    "accounts.google.com", "content-autofill.googleapis.com", "update.googleapis.com",
)  # fmt: skip


class Quiet(ThreadingHTTPServer):
    """A server that browsers may leave in the middle of an answer."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass


class Files(SimpleHTTPRequestHandler):
    """What `python -m http.server` answers, with PLACE before each path, and counted."""

    server: StaticSite

    def translate_path(self, path: str) -> str:
        inside = path.startswith(PLACE)
        return super().translate_path("/" + path.removeprefix(PLACE) if inside else "/nowhere")

    def copyfile(self, source: object, outputfile: object) -> None:
        def counted() -> None:
            while part := source.read(1 << 16):
                outputfile.write(part)
                self.server.bytes_sent += len(part)

        counted()

    def do_GET(self) -> None:
        self.server.requests.append(self.path)
        super().do_GET()

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class StaticSite(Quiet):
    """build/site on a free port of this machine. `url` ends with a slash.

    `requests` and `bytes_sent` (of the files' contents) grow until somebody empties them.
    """

    def __init__(self, folder: Path = SITE) -> None:
        super().__init__(("127.0.0.1", 0), partial(Files, directory=str(folder)))
        self.url = f"http://127.0.0.1:{self.server_port}{PLACE}"
        self.token = ""  # a notebook's page asks its server for one
        self.requests: list[str] = []
        self.bytes_sent = 0

    def __enter__(self) -> StaticSite:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.shutdown()
        self.server_close()


class Refusal(BaseHTTPRequestHandler):
    """Refuses whatever it is asked for, and remembers it."""

    server: Outside

    def refuse(self) -> None:
        if not any(host in self.path for host in BROWSERS_OWN):
            self.server.asked.append(f"{self.command} {self.path}")
        self.send_error(403)

    do_GET = do_POST = do_HEAD = do_CONNECT = refuse

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Outside(Quiet):
    """A proxy in the place of the whole internet. `asked` lists what was asked of it, by anyone:
    pages, workers, service workers, the browser itself.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Refusal)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[str] = []

    __enter__ = StaticSite.__enter__
    __exit__ = StaticSite.__exit__
