import json

import pytest
from websockets.frames import Frame as WsFrame
from websockets.frames import Opcode
from websockets.streams import StreamReader

from queue_core.live import frames
from queue_core.live.frames import EventFrame, Frame, Position

HERE = Position(1700000000, 42)


def as_client(data: bytes) -> WsFrame:
    """As a client's library reads what a server wrote."""
    reader = StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    parsing = WsFrame.parse(reader.read_exact, mask=False)
    try:
        while True:
            next(parsing)
    except StopIteration as done:
        frame: WsFrame = done.value
        return frame


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_a_frame_of_any_length_is_what_a_websocket_client_reads(length: int) -> None:
    frame = as_client(Frame(b"x" * length).ws)
    assert (frame.opcode, frame.fin, len(frame.data)) == (Opcode.TEXT, True, length)


def test_several_frames_together_are_the_bytes_of_each_in_order() -> None:
    one, two = frames.plain("a"), frames.plain("b", n=2)
    both = frames.together([one, two])
    assert (both.ws, both.sse) == (one.ws + two.ws, one.sse + two.sse)
    assert [json.loads(line) for line in both.json.splitlines()] == [{"type": "a"}, {"type": "b", "n": 2}]
    assert frames.together([one]) is one


def test_a_snapshot_moves_the_position_and_an_estimate_does_not() -> None:
    assert frames.snapshot(HERE, {"day": "x"}).sse.startswith(b"id: 1700000000-42\ndata: {")
    assert frames.estimates(HERE, {"day": "x"}).sse.startswith(b"data: {")


def test_an_event_names_the_position_before_it_for_whoever_gets_it() -> None:
    step = EventFrame(HERE, 40, {"type": "called"}, {"day": "x"})
    usual, other = json.loads(step.frame.json), json.loads(step.after(41).json)
    assert (usual["prev"], other["prev"]) == (40, 41)
    assert {**usual, "prev": 41} == other
    assert (usual["epoch"], usual["seq"], usual["event"], usual["patch"]) == (
        *(HERE.epoch, 42),
        {"type": "called"},
        {"day": "x"},
    )
    assert step.after(41) is step.after(41)
    assert step.frame.sse.startswith(b"id: 1700000000-42\n")


def test_a_position_is_read_as_it_is_written() -> None:
    assert Position.parse(str(HERE)) == HERE


@pytest.mark.parametrize("text", ["", "1", "1-", "-1", "1-2-3", "1--2", "a-b", "1.0-2"])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no position"):
        Position.parse(text)
