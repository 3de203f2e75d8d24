"""The process of the web server: loads the site, and serves it."""

import asyncio
import logging
import resource

from haina.app.loading import loading


def _allow_connections() -> None:
    """Each connection is an open file, of which many systems allow 1,024 until they are asked."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    _allow_connections()
    with loading():
        from haina.app.site import serve
        from haina.kernel.settings import load
    asyncio.run(serve(load()))


if __name__ == "__main__":
    main()
