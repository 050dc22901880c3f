"""A stand-in for the Hugging Face hub on this machine: repositories in memory, served as the hub
serves them, with the faults that a test asks for.

Large files (LFS) are redirected to a storage on another port, as the hub does. Every request is kept in
`Hub.requests` as (server, method, path, headers).
"""

import hashlib
import http.server
import json
import threading
import time
import urllib.parse


def git_sha1(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


class Repository:
    """Commits by name of a revision; the files of each, as bytes."""

    def __init__(self, files, kind="models", large=(), gated=False, token=None, listed=()):
        self.kind, self.large, self.gated, self.token = kind, set(large), gated, token
        self.listed = list(listed)  # file names that only the listing shows
        self.revisions = {}
        self.commits = {}
        self.commit("main", files)

    def commit(self, revision, files):
        digest = hashlib.sha1(repr(sorted(files.items())).encode() + revision.encode()).hexdigest()
        self.commits[digest] = dict(files)
        self.revisions[revision] = digest
        return digest


class Fault:
    """What goes wrong with requests whose path ends in `suffix`, `times` times (None: always).

    kind: "status" (with code and headers), "truncate" (to `size` bytes, the connection closed), "short"
    (a whole answer, but of `size` bytes), "drop" (closed before an answer), "stall" (silent after `size`
    bytes), "corrupt" (other bytes), "long" (more bytes than announced), "headers" (changed: None removes).
    """

    def __init__(self, suffix, kind, times=1, server=None, method=None, code=500, headers=(), size=0):
        self.suffix, self.kind, self.times, self.server, self.method = suffix, kind, times, server, method
        self.code, self.headers, self.size = code, dict(headers), size


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a client that went away


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        hub = self.server.hub
        path = urllib.parse.urlsplit(self.path)
        with hub.lock:
            hub.requests.append((self.server.name, self.command, self.path, dict(self.headers)))
            self.fault = next((fault for fault in hub.faults
                               if urllib.parse.unquote(path.path).endswith(fault.suffix)
                               and fault.times != 0 and fault.server in (None, self.server.name)
                               and fault.method in (None, self.command)), None)
            if self.fault and self.fault.times is not None:
                self.fault.times -= 1
        if self.fault and self.fault.kind == "status":
            return self.send(self.fault.code, self.fault.headers, b"{}")
        if self.fault and self.fault.kind == "drop":
            self.close_connection = True
            return self.connection.close()
        if self.server.name == "storage":
            return self.store(path.path)
        self.hub_answer(path)

    def store(self, path):
        content = self.server.hub.storage.get(path.lstrip("/"))
        if content is None:
            return self.send(404, {}, b"")
        self.send_file(content, {"ETag": '"storage-has-its-own"'})

    def hub_answer(self, url):
        parts = [urllib.parse.unquote(part) for part in url.path.strip("/").split("/")]
        if parts[0] == "api":
            return self.api(parts[1:], urllib.parse.parse_qs(url.query))
        kind = "models"
        if parts[0] == "datasets":
            kind, parts = "datasets", parts[1:]
        if "resolve" not in parts:
            return self.refuse(404, "RepoNotFound", "no such page")
        at = parts.index("resolve")
        name = "/".join(parts[:at])
        if name in self.server.hub.moved:
            moved = "/".join([""] + (["datasets"] if kind == "datasets" else [])
                             + [self.server.hub.moved[name], "resolve"]
                             + [urllib.parse.quote(part, safe="") for part in parts[at + 1:]])
            return self.send(307, {"Location": moved}, b"")
        found = self.find(kind, name, parts[at + 1])
        if found is None:
            return
        repository, commit = found
        path = "/".join(parts[at + 2:])
        content = repository.commits[commit].get(path)
        if content is None:
            return self.refuse(404, "EntryNotFound", "no such file", {"X-Repo-Commit": commit})
        if path not in repository.large:
            return self.send_file(content, {"X-Repo-Commit": commit, "ETag": f'"{git_sha1(content)}"'})
        digest = sha256(content)
        self.server.hub.storage[digest] = content
        self.send(302, {"X-Repo-Commit": commit, "X-Linked-Etag": f'"{digest}"',
                        "X-Linked-Size": str(len(content)), "ETag": '"of-the-redirect"',
                        "Location": f"{self.server.hub.storage_url}/{digest}?signature=x"}, b"")

    def find(self, kind, name, revision):
        """The repository and commit, or None when an error was sent."""
        repository = self.server.hub.repositories.get(name)
        if repository is None or repository.kind != kind:
            self.refuse(401 if "Authorization" not in self.headers else 404, "RepoNotFound",
                        "Repository not found")
            return None
        authorised = self.headers.get("Authorization") == f"Bearer {repository.token}"
        if repository.gated and not authorised:
            self.refuse(401 if "Authorization" not in self.headers else 403, "GatedRepo",
                        f"Access to {kind[:-1]} {name} is restricted")
            return None
        commit = repository.revisions.get(revision, revision)
        if commit not in repository.commits:
            self.refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
            return None
        return repository, commit

    def api(self, parts, query):
        kind, parts = parts[0], parts[1:]
        at = next((parts.index(word) for word in ("revision", "tree") if word in parts), len(parts))
        name = "/".join(parts[:at])
        found = self.find(kind, name, parts[at + 1] if at < len(parts) else "main")
        if found is None:
            return
        repository, commit = found
        files = repository.commits[commit]
        if at < len(parts) and parts[at] == "tree":
            entries = []
            for path, content in files.items():
                entry = {"type": "file", "path": path, "size": len(content), "oid": git_sha1(content)}
                if path in repository.large:
                    entry["lfs"] = {"oid": sha256(content), "size": len(content), "pointerSize": 130}
                entries.append(entry)
            return self.send(200, {"Content-Type": "application/json"}, json.dumps(entries).encode())
        siblings = []
        for path, content in files.items():
            sibling = {"rfilename": path}
            if "blobs" in query:
                sibling |= {"size": len(content), "blobId": git_sha1(content)}
                if path in repository.large:
                    sibling["lfs"] = {"sha256": sha256(content), "size": len(content), "pointerSize": 130}
            siblings.append(sibling)
        siblings += [{"rfilename": path} for path in repository.listed]
        body = {"id": name, "sha": commit, "private": False, "gated": False, "disabled": False,
                "downloads": 0, "likes": 0, "tags": [], "siblings": siblings}
        self.send(200, {"Content-Type": "application/json"}, json.dumps(body).encode())

    def refuse(self, code, error, message, headers=()):
        self.send(code, dict(headers) | {"X-Error-Code": error, "X-Error-Message": message}, b"{}")

    def send_file(self, content, headers):
        code, begin = 200, 0
        requested = self.headers.get("Range")
        if requested and not self.server.hub.ignores_range:
            begin = int(requested.removeprefix("bytes=").split("-")[0])
            if begin >= len(content):
                return self.send(416, {"Content-Range": f"bytes */{len(content)}"}, b"")
            headers = headers | {"Content-Range": f"bytes {begin}-{len(content) - 1}/{len(content)}"}
            code = 206
        self.send(code, headers, content[begin:])

    def send(self, code, headers, body):
        fault = self.fault
        headers = dict(headers)
        length = len(body)
        if fault and fault.kind == "headers":
            headers |= fault.headers
        if fault and fault.kind == "short":
            body = body[:fault.size]
            length = len(body)
        if fault and fault.kind == "corrupt":
            body = bytes(255 - byte for byte in body)
        if fault and fault.kind == "long":
            body += b"more" * 100
            length = None
        self.send_response(code)
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        if length is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        elif "Content-Length" not in headers:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault and fault.kind in ("truncate", "stall"):
            self.wfile.write(body[:fault.size])
            self.wfile.flush()
            if fault.kind == "stall":
                self.server.hub.stalled.wait(30)
            self.close_connection = True
            return self.connection.close()
        delay = self.server.hub.delay
        for begin in range(0, len(body), 65536):
            self.wfile.write(body[begin:begin + 65536])
            if delay:
                time.sleep(delay)


class Hub:
    """Two servers on free ports: the hub and its storage. A context manager."""

    def __init__(self):
        self.lock = threading.Lock()
        self.repositories, self.moved, self.storage = {}, {}, {}
        self.faults, self.requests = [], []
        self.ignores_range = False
        self.delay = 0  # seconds after each 64 KiB
        self.stalled = threading.Event()
        self.servers = []
        urls = []
        for name in ("hub", "storage"):
            server = Server(("127.0.0.1", 0), Handler)
            server.hub, server.name = self, name
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            self.servers.append(server)
            urls.append(f"http://127.0.0.1:{server.server_address[1]}")
        self.url, self.storage_url = urls

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stalled.set()
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def paths(self, method, server="hub"):
        """The paths of the requests so far."""
        with self.lock:
            return [path for name, verb, path, _ in self.requests if (name, verb) == (server, method)]
