"""The public page of a profile: what it says, how it looks, and what machines read in it."""
