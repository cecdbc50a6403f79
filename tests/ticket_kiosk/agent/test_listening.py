"""The agent's port, as the kiosk's browser finds it."""

import socket

from ticket_kiosk.agent.process import listening


def test_an_answer_does_not_wait_for_the_browser_to_acknowledge_its_beginning() -> None:
    with listening(0, any_port=False) as listener, socket.create_connection(listener.getsockname()):
        taken, _ = listener.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
