"""The AWS CLI without its start: it is loaded once, and each call is a fork of that.

`python server.py SOCKET`, with the Python of the AWS CLI; `client.py` is the program to call. Half a second of a call is Python that imports,
and the tests of `deploy/` call it hundreds of times. What a call does is the AWS CLI's own.
"""

import contextlib
import io
import json
import os
import signal
import socket
import sys
import traceback

from awscli import clidriver

STREAMS = 3

# Where the AWS CLI has put, on being imported, where its data is.
DATA = {"AWS_DATA_PATH": os.environ["AWS_DATA_PATH"]}


# A call that reaches nobody: it imports what a call imports late.
NOWHERE = ["cloudformation", "list-stacks", "--region", "us-east-1", "--endpoint-url", "http://127.0.0.1:1"]
NOBODY = {"AWS_ACCESS_KEY_ID": "-", "AWS_SECRET_ACCESS_KEY": "-", "AWS_MAX_ATTEMPTS": "1"}


def main() -> None:
    address = sys.argv[1]
    os.environ.update(NOBODY)
    with contextlib.redirect_stderr(io.StringIO()):
        ended(NOWHERE)
    # Nobody waits for a fork but its client.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        while True:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                os._exit(answered(connection))
            connection.close()


def answered(connection: socket.socket) -> int:
    """Does what a client asks in its place: its folder, its environment, its streams."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, *_ = socket.recv_fds(connection, 8, STREAMS, socket.MSG_WAITALL)
    call = json.loads(connection.recv(int.from_bytes(size), socket.MSG_WAITALL))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(call["folder"])
    os.environ.clear()
    os.environ.update(call["environment"], **DATA)
    code = ended(call["arguments"])
    sys.stdout.flush()
    sys.stderr.flush()
    connection.sendall(bytes([code & 0xFF]))
    return code


def ended(arguments: list[str]) -> int:
    sys.argv = ["aws", *arguments]
    try:
        return clidriver.main() or 0
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else int(exit.code is not None)
    except BaseException:
        traceback.print_exc()
        return 255


if __name__ == "__main__":
    main()
