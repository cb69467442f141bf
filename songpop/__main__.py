"""``python -m songpop`` is the command ``songpop``."""

from songpop.cli.main import main

if __name__ == "__main__":
    main()
