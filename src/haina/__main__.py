"""`haina`, and `python -m haina`."""

from haina.app.loading import loading

with loading():
    from haina.app.cli import main

if __name__ == "__main__":
    main()
