"""moto's server, with what the tests need of AWS and moto does not do. `python tests/moto -H HOST -p PORT`, as moto_server."""

import certificates
import one_by_one
import published
import resources
import stacks
import transport
from moto import server

certificates.install()
resources.install()
stacks.install()
transport.install()
# The one that is asked first is put on last.
published.install()
one_by_one.install()
server.main()
