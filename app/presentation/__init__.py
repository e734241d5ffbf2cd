"""How a profile looks to its readers: theme, accent colour, order of sections, typeface."""
