//! Images, sound, video and documents of a message, and where they are.

use agui_types::{
    AudioPart, ContentPart, DataSource, DocumentPart, FileSource, ImagePart, PartSource, UrlSource, VideoPart,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rig_core::message::{
    Audio, AudioMediaType, Document, DocumentMediaType, DocumentSourceKind, Image, ImageMediaType, MimeType,
    UserContent, Video, VideoMediaType,
};

/// What a client may refer to.
#[derive(Clone, Copy)]
pub(super) struct Allowed<'a> {
    pub(super) schemes: &'a [String],
    /// Whose files a handle may name; with an empty name, everybody's.
    pub(super) provider: &'a str,
}

impl Allowed<'_> {
    /// A part for the model. What it may not refer to is told in words.
    pub(super) fn part(self, part: &ContentPart) -> UserContent {
        let (what, source) = match part {
            ContentPart::Text(text) => return UserContent::text(&*text.text),
            ContentPart::Image(part) => ("image", &part.source),
            ContentPart::Audio(part) => ("recording", &part.source),
            ContentPart::Video(part) => ("video", &part.source),
            ContentPart::Document(part) => ("document", &part.source),
            other => return left_out(other.tag(), "it is of an unknown kind"),
        };
        let (data, mime) = match self.source(source) {
            Ok(source) => source,
            Err(reason) => return left_out(what, &reason),
        };
        match part {
            ContentPart::Image(_) => UserContent::Image(Image {
                data,
                media_type: media_type::<ImageMediaType>(&mime),
                ..Image::default()
            }),
            ContentPart::Audio(_) => {
                UserContent::Audio(Audio { data, media_type: media_type::<AudioMediaType>(&mime) })
            }
            ContentPart::Video(_) => UserContent::Video(Video {
                data,
                media_type: media_type::<VideoMediaType>(&mime),
                ..Video::default()
            }),
            _ => document(data, &mime),
        }
    }

    /// Where it is, and of which media type; or why it is not told.
    fn source(self, source: &PartSource) -> Result<(DocumentSourceKind, String), String> {
        match source {
            PartSource::Data(data) => {
                Ok((DocumentSourceKind::base64(&*data.value), data.mime_type.to_ascii_lowercase()))
            }
            PartSource::Url(url) => {
                let scheme = url.value.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
                if !self.schemes.contains(&scheme) {
                    return Err(format!("URLs with the scheme `{scheme}` are not accepted"));
                }
                let mime = url.mime_type.as_deref().unwrap_or_default().to_ascii_lowercase();
                match scheme.as_str() {
                    "data" => inline(&url.value).ok_or_else(|| "its URL holds no Base64".to_owned()),
                    _ => Ok((DocumentSourceKind::url(&*url.value), mime)),
                }
            }
            PartSource::File(file) => match &file.provider {
                Some(theirs) if !self.provider.is_empty() && theirs != self.provider => {
                    Err(format!("its file is at `{theirs}`"))
                }
                _ => {
                    let mime = file.mime_type.as_deref().unwrap_or_default().to_ascii_lowercase();
                    Ok((DocumentSourceKind::file_id(&*file.value), mime))
                }
            },
            other => Err(format!("its source `{}` is of an unknown kind", other.tag())),
        }
    }
}

fn left_out(what: &str, reason: &str) -> UserContent {
    tracing::warn!(what, reason, "the model is not shown a part of a message");
    UserContent::text(format!("({what} left out: {reason})"))
}

/// What a `data:` URL holds.
fn inline(url: &str) -> Option<(DocumentSourceKind, String)> {
    let (kind, data) = url.get("data:".len()..)?.split_once(',')?;
    let mime = kind.strip_suffix(";base64")?.split(';').next().unwrap_or_default();
    Some((DocumentSourceKind::base64(data), mime.to_ascii_lowercase()))
}

/// Text is told as text, whatever its media type: providers know few of them.
fn document(data: DocumentSourceKind, mime: &str) -> UserContent {
    let media_type = media_type::<DocumentMediaType>(mime);
    let textual = mime.starts_with("text/")
        || ["json", "xml", "yaml", "javascript"].iter().any(|kind| mime.ends_with(kind));
    let text = match &data {
        DocumentSourceKind::Base64(encoded) if textual && media_type.is_none() => {
            STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok())
        }
        _ => None,
    };
    match text {
        Some(text) => UserContent::document_text(text, Some(DocumentMediaType::TXT)),
        None => UserContent::Document(Document { data, media_type, ..Document::default() }),
    }
}

fn media_type<T: MimeType>(mime: &str) -> Option<T> {
    let mime = mime.split(';').next().unwrap_or_default().trim();
    T::from_mime_type(mime)
        .or_else(|| T::from_mime_type(OTHER_NAMES.iter().find(|(name, _)| *name == mime)?.1))
}

/// Names of media types that rig has others for.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("image/jpg", "image/jpeg"),
    ("audio/mpeg", "audio/mp3"),
    ("audio/x-wav", "audio/wav"),
    ("audio/wave", "audio/wav"),
    ("audio/vnd.wave", "audio/wav"),
    ("audio/mp4", "audio/m4a"),
    ("audio/x-m4a", "audio/m4a"),
    ("audio/x-flac", "audio/flac"),
    ("video/quicktime", "video/mov"),
    ("video/x-msvideo", "video/avi"),
    ("application/xml", "text/xml"),
    ("text/javascript", "text/x-javascript"),
];

/// A part of the protocol; text where there is nothing better.
pub(super) fn from_rig(content: &UserContent) -> Option<ContentPart> {
    let part = match content {
        UserContent::Image(image) => {
            ImagePart::new(source(&image.data, image.media_type.as_ref(), "image/png")?).into()
        }
        UserContent::Audio(audio) => {
            AudioPart::new(source(&audio.data, audio.media_type.as_ref(), "audio/wav")?).into()
        }
        UserContent::Video(video) => {
            VideoPart::new(source(&video.data, video.media_type.as_ref(), "video/mp4")?).into()
        }
        UserContent::Document(document) => {
            let unknown = "application/octet-stream";
            DocumentPart::new(source(&document.data, document.media_type.as_ref(), unknown)?).into()
        }
        UserContent::Text(text) => agui_types::TextPart::new(&*text.text).into(),
        UserContent::ToolResult(_) => return None,
    };
    Some(part)
}

fn source(
    data: &DocumentSourceKind,
    media_type: Option<&impl MimeType>,
    unknown: &str,
) -> Option<PartSource> {
    let mime = media_type.map(|media_type| media_type.to_mime_type());
    let inline = |data: String| DataSource::new(data, mime.unwrap_or(unknown)).into();
    Some(match data {
        DocumentSourceKind::Url(url) => {
            let mut source = UrlSource::new(&**url);
            source.mime_type = mime.map(str::to_owned);
            source.into()
        }
        DocumentSourceKind::FileId(id) => {
            let mut source = FileSource::new(&**id);
            source.mime_type = mime.map(str::to_owned);
            source.into()
        }
        DocumentSourceKind::Base64(data) => inline(data.clone()),
        DocumentSourceKind::Raw(bytes) => inline(STANDARD.encode(bytes)),
        DocumentSourceKind::String(text) => {
            DataSource::new(STANDARD.encode(text), mime.unwrap_or("text/plain")).into()
        }
        DocumentSourceKind::Unknown => return None,
    })
}
