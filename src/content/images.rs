//! `images` of an article or a provider, in any form that people write. What cannot be used is left
//! out and is no error; `check` says so.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};

use super::budget;
use super::values::{First, Loose};

/// Images, as many as an article may have; a single one is a list of one, and a bare address is an
/// image. What cannot be used is no error.
#[derive(Clone, Debug, Default)]
pub struct Images {
    /// Those images.
    pub items: Vec<ImageFields>,
    /// How many the list has.
    pub of: usize,
}

impl Images {
    fn one(image: ImageFields) -> Images {
        Images {
            items: vec![image],
            of: 1,
        }
    }
}

impl<'de> Deserialize<'de> for Images {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ImagesVisitor;
        impl<'de> Visitor<'de> for ImagesVisitor {
            type Value = Images;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of images")
            }

            fn visit_str<E: de::Error>(self, address: &str) -> Result<Images, E> {
                Ok(Images::one(ImageFields::at(Loose::Text(
                    address.to_owned(),
                ))))
            }

            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Images, E> {
                Ok(Images::one(ImageFields::at(Loose::Flag(flag))))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Images, E> {
                Ok(Images::one(ImageFields::at(Loose::Whole(number))))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Images, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Images, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Images, A::Error> {
                ImageFields::deserialize(MapAccessDeserializer::new(map)).map(Images::one)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Images, A::Error> {
                type Listed = First<Option<ImageItem>, { budget::IMAGES }>;
                let list = Listed::deserialize(SeqAccessDeserializer::new(items))?;
                let items = list.items.into_iter().flatten();
                Ok(Images {
                    items: items.map(|ImageItem(image)| image).collect(),
                    of: list.of,
                })
            }
        }
        deserializer.deserialize_any(ImagesVisitor)
    }
}

/// An item of a list of images: its fields, or its address.
struct ImageItem(ImageFields);

impl<'de> Deserialize<'de> for ImageItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ItemVisitor;
        impl<'de> Visitor<'de> for ItemVisitor {
            type Value = ImageItem;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an image")
            }

            fn visit_str<E: de::Error>(self, address: &str) -> Result<ImageItem, E> {
                Ok(ImageItem(ImageFields::at(Loose::Text(address.to_owned()))))
            }

            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<ImageItem, E> {
                Ok(ImageItem(ImageFields::at(Loose::Flag(flag))))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<ImageItem, E> {
                Ok(ImageItem(ImageFields::at(Loose::Whole(number))))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<ImageItem, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<ImageItem, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ImageItem, A::Error> {
                ImageFields::deserialize(MapAccessDeserializer::new(map)).map(ImageItem)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<ImageItem, A::Error> {
                let address = Loose::deserialize(SeqAccessDeserializer::new(items))?;
                Ok(ImageItem(ImageFields::at(address)))
            }
        }
        deserializer.deserialize_any(ItemVisitor)
    }
}

/// An item of `images`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ImageFields {
    /// URL or path.
    pub url: Loose,
    /// Pixels.
    pub width: Loose,
    /// Pixels.
    pub height: Loose,
    /// What it shows.
    pub title: Loose,
    /// Whom it comes from.
    pub attribution: Loose,
    /// Whether the provider's copy is known to last.
    pub is_cached: Loose,
}

impl ImageFields {
    /// An image of which only the address is known.
    fn at(url: Loose) -> ImageFields {
        ImageFields {
            url,
            ..ImageFields::default()
        }
    }
}

/// A size that a picture can have.
pub(super) fn pixels(number: &Loose) -> Option<u32> {
    number
        .whole()
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| (1..100_000).contains(number))
}
