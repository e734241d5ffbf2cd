"""What profiles are searched by: chunks of them, their words and their meaning as vectors.

The truth are the profile and its revisions; all that is kept here can be made again from them.
"""
