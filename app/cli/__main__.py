"""`python -m app.cli`, which is what `./vitae` runs."""

from app.cli import main

main()
