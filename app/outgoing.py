"""How connections to other services are kept."""

from __future__ import annotations

import httpx

# A connection that they end just as it is used again is a request that fails. Servers keep idle
# ones for five seconds or more: it is us who end them. The counts are those of httpx itself.
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=2.0)
