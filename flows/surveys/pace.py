"""How far apart requests are kept, for tools that allow only so many in a time."""

from __future__ import annotations

import threading

from flows.surveys.patience import Patience


class Pace:
    """Keep requests at least so many seconds apart, whichever session makes them."""

    def __init__(self, spacing: float = 0.0) -> None:
        self._spacing = spacing
        self._last_asked = float("-inf")
        self._lock = threading.Lock()

    def keep(self, patience: Patience) -> None:
        """Wait until the next request may be made; those that come meanwhile wait behind it."""
        if not self._spacing:
            return
        with self._lock:
            early = self._last_asked + self._spacing - patience.clock()
            if early > 0:
                patience.sleep(early)
            self._last_asked = patience.clock()
