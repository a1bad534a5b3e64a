"""python -m coder."""

import sys

if __name__ == "__main__":
    try:
        # the libraries take seconds: an interruption meanwhile is one like any other
        from coder.cli import main
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(main(sys.argv[1:]))
