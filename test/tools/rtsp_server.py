#!/usr/bin/python3
"""An RTSP server that is not ours, GStreamer's: sends two channels of L24 at 48 kHz by unicast to who asks for it.

    rtsp_server.py ADDRESS PORT TIMEOUT FILE [basic|digest USER PASSWORD]

    /tone  a sine of 997 Hz at -6 dBFS
    /file  FILE, raw big-endian samples, from its beginning for every client

TIMEOUT, in seconds, is that of its sessions. Prints "serving", then every request it gets by its method, and "removed" for
every session that ended, by TEARDOWN or because nobody gave a sign of life. With a user it serves nobody else, and asks for
the password in that way.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

METHODS = ["options", "describe", "setup", "play", "get-parameter", "teardown"]
PAYLOADER = "rtpL24pay name=pay0 pt=96 min-ptime=1000000 max-ptime=1000000"


def say(text):
    print(text, flush=True)


def follow(client, timeout):
    """Says what a client asks."""
    for method in METHODS:
        name = method.replace("-", "_").upper()
        client.connect(f"{method}-request", lambda _client, _context, name=name: say(name))
    client.connect("new-session", lambda _client, session: session.set_timeout(timeout))


def factory(source):
    made = GstRtspServer.RTSPMediaFactory()
    permissions = GstRtspServer.RTSPPermissions()
    for permission in ("access", "construct"):
        permissions.add_permission_for_role("listener", f"media.factory.{permission}", True)
    made.set_permissions(permissions)
    made.set_launch(f"( {source} ! {PAYLOADER} )")
    return made


def guard(server, method, user, password):
    token = GstRtspServer.RTSPToken()
    token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, "listener")
    auth = GstRtspServer.RTSPAuth()
    if method == "digest":
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(user, password, token)
    else:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)


def main():
    address, port, timeout, file, *account = sys.argv[1:]
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address(address)
    server.set_service(port)
    if account:
        guard(server, *account)
    mounts = server.get_mount_points()
    mounts.add_factory(
        "/tone",
        factory(
            "audiotestsrc is-live=true freq=997 volume=0.5 samplesperbuffer=48"
            " ! audio/x-raw,format=S24BE,rate=48000,channels=2"
        ),
    )
    mounts.add_factory(
        "/file",
        factory(
            f"filesrc location={file} blocksize=288"
            " ! rawaudioparse format=pcm pcm-format=s24be sample-rate=48000 num-channels=2"
        ),
    )
    pool = server.get_session_pool()
    pool.connect("session-removed", lambda _pool, _session: say("removed"))
    GLib.timeout_add(500, lambda: pool.cleanup() >= 0)
    server.connect("client-connected", lambda _server, client: follow(client, int(timeout)))
    if server.attach(None) == 0:
        sys.exit(f"{address}:{port} cannot be had")
    say("serving")
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
