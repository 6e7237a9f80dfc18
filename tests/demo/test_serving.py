"""What the demo leaves up really serves, and goes with whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from demo.serving import free_port
from demo.show import COMPANY

BEGIN = "import sys; from pathlib import Path; from demo.serving import serve_desk; "
BEGIN += "sys.exit(serve_desk(Path(sys.argv[1]), int(sys.argv[2])))"


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_the_desk_is_up_until_ctrl_c(tmp_path: Path, by: signal.Signals) -> None:
    (tmp_path / "company").symlink_to(COMPANY)
    port = free_port()
    own = {
        "HEARDBACK_HOME": str(tmp_path / "home"),
        "HEARDBACK_CONFIG": str(COMPANY / "heardback.yml"),
        "HEARDBACK_NOW": "2026-03-12T06:00:00Z",
    }
    words = [sys.executable, "-c", BEGIN, str(tmp_path), str(port)]
    demo = subprocess.Popen(words, env={**os.environ, **own}, cwd=Path(__file__).parents[2])
    patience = time.monotonic() + 60
    while True:
        try:
            assert requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5).text == "ok\n"
            break
        except requests.ConnectionError:
            assert demo.poll() is None and time.monotonic() < patience
            time.sleep(0.1)
    demo.send_signal(by)
    assert demo.wait(20) == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5)
