"""What everybody may read without credentials: profiles as pages and files, and where they are."""
