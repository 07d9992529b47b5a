"""Calls the AWS CLI that `server.py` has loaded: `python client.py SOCKET ARGUMENTS`. Starts as quickly as Python can."""

import json
import os
import socket
import sys

FAILED = 255


def main() -> int:
    call = {"arguments": sys.argv[2:], "folder": os.getcwd(), "environment": dict(os.environ)}
    message = json.dumps(call).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(sys.argv[1])
        socket.send_fds(connection, [len(message).to_bytes(8)], [0, 1, 2])
        connection.sendall(message)
        code = connection.recv(1)
    return code[0] if code else FAILED


if __name__ == "__main__":
    sys.exit(main())
