//! From bytes to events, however they come.

use agui::client::{FrameReader, FrameTooLarge};

/// The data of a stream that comes in pieces.
fn frames<'b>(pieces: impl IntoIterator<Item = &'b [u8]>) -> Vec<String> {
    let mut reader = FrameReader::new();
    let mut found = Vec::new();
    let text = |data: &[u8]| String::from_utf8(data.to_vec()).unwrap();
    for piece in pieces {
        reader.push(piece);
        while let Some(data) = reader.next_frame().unwrap() {
            found.push(text(data));
        }
    }
    found.extend(reader.finish().unwrap().map(text));
    found
}

/// Whole, in two at every place, and byte by byte.
#[track_caller]
fn assert_frames(stream: &[u8], expected: &[&str]) {
    assert_eq!(frames([stream]), expected, "in one piece");
    for cut in 0..=stream.len() {
        let (before, after) = stream.split_at(cut);
        assert_eq!(frames([before, after]), expected, "cut at {cut}");
    }
    assert_eq!(frames(stream.chunks(1)), expected, "byte by byte");
}

#[test]
fn sse_5_6_lines_end_with_lf_crlf_or_cr() {
    assert_frames(b"data: a\n\ndata: b\n\n", &["a", "b"]);
    assert_frames(b"data: a\r\n\r\ndata: b\r\n\r\n", &["a", "b"]);
    assert_frames(b"data: a\r\rdata: b\r\r", &["a", "b"]);
    assert_frames(b"data: a\r\n\ndata: b\n\r\ndata: c\r\n\r", &["a", "b", "c"]);
}

#[test]
fn sse_7_lines_of_data_are_joined_and_everything_else_is_skipped() {
    assert_frames(b"data: a\ndata: b\ndata:  c\ndata:d\ndata\n\n", &["a\nb\n c\nd\n"]);
    assert_frames(b"event: x\nid: 7\nretry: 1\ndata: a\nnonsense\n\n", &["a"]);
    assert_frames(b": keep-alive\n\n:\n\n\n\ndata: a\n: between\n\n", &["a"]);
    assert_frames(b"database: a\nDATA: b\n data: c\n\n", &[]);
}

#[test]
fn a_byte_order_mark_is_skipped_at_the_beginning_alone() {
    assert_frames(b"\xEF\xBB\xBFdata: a\n\n\xEF\xBB\xBFdata: b\n\n", &["a"]);
    assert_frames(b"\xEF\xBB", &[]);
    assert_frames(b"", &[]);
}

#[test]
fn text_may_be_split_within_a_character() {
    assert_frames("data: Grüße, 世界 👋\n\n".as_bytes(), &["Grüße, 世界 👋"]);
}

#[test]
fn what_no_empty_line_ends_is_an_event_too() {
    assert_frames(b"data: a\n\ndata: b", &["a", "b"]);
    assert_frames(b"data: a\ndata: b\n", &["a\nb"]);
    assert_frames(b"data: a\n\n: bye", &["a"]);
}

#[test]
fn events_have_a_limit_wherever_they_are_cut() {
    let limit = Err(FrameTooLarge { limit: 10 });
    for stream in [&b"data: 12345678"[..], b": 123456789", b"data: 1234\ndata: 5678\n\n"] {
        let mut whole = FrameReader::with_limit(10);
        whole.push(stream);
        assert_eq!(whole.next_frame(), limit, "{}", String::from_utf8_lossy(stream));
        let mut pieces = FrameReader::with_limit(10);
        let found = stream.chunks(1).find_map(|piece| {
            pieces.push(piece);
            pieces.next_frame().map(|data| assert_eq!(data, None)).err()
        });
        assert_eq!(found, Some(FrameTooLarge { limit: 10 }));
    }
    let mut enough = FrameReader::with_limit(10);
    enough.push(b"data: 1234\n\ndata: 5678\n\n");
    assert_eq!(enough.next_frame(), Ok(Some(&b"1234"[..])));
    assert_eq!(enough.next_frame(), Ok(Some(&b"5678"[..])));
}

/// A megabyte in small pieces takes as long as its bytes, not as their square.
#[test]
fn reading_is_linear_in_the_bytes() {
    let line = [b"data: ".as_slice(), &[b'x'; 1 << 20], b"\n\n"].concat();
    let mut reader = FrameReader::new();
    let mut found = 0;
    for piece in line.chunks(3) {
        reader.push(piece);
        found += usize::from(reader.next_frame().unwrap().is_some());
    }
    assert_eq!(found, 1);
}

/// Lines that say nothing take no memory, whatever was said before them.
#[test]
fn comments_after_data_are_not_kept() {
    let mut reader = FrameReader::with_limit(100);
    reader.push(b"data: a\n");
    for line in [&b": still alive\n"[..], b"event: x\r\n", b"id: 7\r"].into_iter().cycle().take(100_000) {
        reader.push(line);
        assert_eq!(reader.next_frame(), Ok(None));
    }
    let kept = format!("{reader:?}").len();
    assert!(kept < 1_000, "{kept}");
    reader.push(b"data: b\n\n");
    assert_eq!(reader.next_frame(), Ok(Some(&b"a\nb"[..])));
    // What is kept counts all the same.
    reader.push(&[b"data: ", &[b'x'; 90][..], b"\n: more\n: but not so much more\n"].concat());
    assert_eq!(reader.next_frame(), Err(FrameTooLarge { limit: 100 }));
}
