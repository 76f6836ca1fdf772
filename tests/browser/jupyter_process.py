"""One private Jupyter server that serves both JupyterLab and Notebook 7."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat.sign import NotebookNotary

START_SECONDS = 120
STOP_SECONDS = 20

# What the tests need to be different from a learner's Jupyter, and why.
SETTINGS: dict[str, dict[str, Any]] = {
    # Cells outside the viewport stay in the page, so that a test sees all of them, and nothing
    # but cells is in it, so that pictures of the notebook end where it ends.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none", "scrollPastEnd": False},
    # The theme follows the browser's colour scheme, so that each page can have its own.
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    # No pop-ups, and no questions to the network.
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    # A notebook changes on disk only when a test saves it.
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}


def free_port() -> int:
    """A port that nobody listens on.

    Asked for port 0, an older Jupyter server (Binder has 2.17) finds one and does not tell which.
    If somebody else takes this one first, it goes on to the next that is free, and tells.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class JupyterProcess:
    """A Jupyter server on a free port of its own; nothing of the user's Jupyter is read or changed.

    `root` is the folder that it serves, `private` an empty folder for its settings, its
    signatures and its log. `environment` is added to what the kernels see.
    """

    def __init__(
        self, root: Path, private: Path, environment: dict[str, str] | None = None
    ) -> None:
        self.root = root
        self.data = private / "data"
        self.log = private / "server.log"
        self.token = secrets.token_hex(16)
        config = private / "config"
        self._runtime = private / "runtime"
        overrides = config / "labconfig" / "default_setting_overrides.json"
        overrides.parent.mkdir(parents=True)
        overrides.write_text(json.dumps(SETTINGS))
        folders = {
            "JUPYTER_CONFIG_DIR": config,
            "JUPYTER_DATA_DIR": self.data,
            "JUPYTER_RUNTIME_DIR": self._runtime,
            "JUPYTERLAB_SETTINGS_DIR": private / "settings",
            "JUPYTERLAB_WORKSPACES_DIR": private / "workspaces",
            "IPYTHONDIR": private / "ipython",
            "MPLCONFIGDIR": private / "matplotlib",
        }
        for folder in folders.values():
            folder.mkdir(exist_ok=True)
        arguments = [
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={free_port()}",
            f"--IdentityProvider.token={self.token}",
            f"--ServerApp.root_dir={root}",
            "--ServerApp.allow_root=True",
            "--ServerApp.open_browser=False",
            "--ServerApp.terminals_enabled=False",
            "--LabApp.expose_app_in_browser=True",
            "--JupyterNotebookApp.expose_app_in_browser=True",
            "--LabApp.extension_manager=readonly",
        ]
        private_places = {name: str(folder) for name, folder in folders.items()}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *arguments],
                env={**os.environ, **(environment or {}), **private_places},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us; we stop the server
            )
        self.pid = self._process.pid
        try:
            self.url = self._address()
            self._wait_until(lambda: self.ask("api/status"))
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> JupyterProcess:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def ask(self, path: str, method: str = "GET") -> Any:
        """The server's JSON answer to a request of its REST interface, such as "api/sessions"."""
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def stop_kernels(self, name: str | None = None) -> None:
        """Shut down the kernel of one notebook, or of all of them."""
        for session in self.ask("api/sessions"):
            if name in (None, session["path"]):
                self.ask(f"api/sessions/{session['id']}", "DELETE")

    def set_trust(self, name: str, trusted: bool) -> None:
        """Sign a notebook, as `jupyter trust` does, or take the signature back.

        A signature belongs to the content and not to the path: it is kept in the private data
        folder, where this server looks it up when it opens the notebook.
        """
        notary = NotebookNotary(data_dir=str(self.data))
        notebook = nbformat.read(self.root / name, as_version=4)
        try:
            notary.sign(notebook) if trusted else notary.unsign(notebook)
        finally:
            notary.store.close()

    def stop(self) -> None:
        """Shut the kernels down, then the server, by its own process id."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)  # the server ends its kernels itself
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _address(self) -> str:
        """The address that the server writes into a file when it has found a free port."""
        information = self._runtime / f"jpserver-{self._process.pid}.json"
        return str(self._wait_until(lambda: json.loads(information.read_text())["url"]))

    def _wait_until(self, succeeds: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                return succeeds()
            except (OSError, ValueError):  # no file, half a file, no connection
                time.sleep(0.05)  # the pause between two looks, not a guess at how long it takes
        raise RuntimeError(f"Jupyter did not start. Its log says:\n{self.log.read_text()[-3000:]}")
