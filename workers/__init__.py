"""The workers; before the first import of WeasyPrint, which all of them share."""

from workers import compiled

compiled.install()
