"""`python -m lapwing` is the command `lapwing`."""

import sys

from lapwing.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
