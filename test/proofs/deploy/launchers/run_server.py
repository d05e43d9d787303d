"""What both launchers do: --plain leaves the server as it is shipped, and it ends with the process that started it."""

import os
import sys
import threading


def run(teach, main):
    """Runs `main` with the arguments that are the server's."""
    threading.Thread(target=end_with_the_parent, daemon=True).start()
    arguments = [each for each in sys.argv[1:] if each != "--plain"]
    # Held until the end: Python drops classes that nobody refers to.
    taught = teach() if arguments == sys.argv[1:] else None
    sys.argv[1:] = arguments
    main(arguments)
    return taught


def end_with_the_parent():
    sys.stdin.read()
    os._exit(0)
