//! The states that were found, each once.

use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use super::world::World;

/// The states that were found, in the order in which they were, each with its number.
pub(super) struct Seen {
    pub worlds: Vec<World>,
    /// Numbers of states, by what their states hash to. A power of two, at most half full.
    slots: Vec<u32>,
}

const FREE: u32 = u32::MAX;

impl Seen {
    pub(super) fn new() -> Self {
        Self { worlds: Vec::new(), slots: vec![FREE; 1 << 12] }
    }

    /// The number of a state that is new; none if it is not.
    pub(super) fn insert(&mut self, world: &World) -> Option<u32> {
        if self.worlds.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let slot = self.slot(world);
        if self.slots[slot] != FREE {
            return None;
        }
        let number = u32::try_from(self.worlds.len()).ok().filter(|number| *number != FREE)?;
        self.slots[slot] = number;
        self.worlds.push(*world);
        Some(number)
    }

    /// The number of a state that was found.
    pub(super) fn number(&self, world: &World) -> Option<u32> {
        Some(self.slots[self.slot(world)]).filter(|number| *number != FREE)
    }

    /// Where a state is, or where it belongs.
    fn slot(&self, world: &World) -> usize {
        let mask = self.slots.len() - 1;
        #[expect(clippy::cast_possible_truncation, reason = "any bits of a hash will do")]
        let mut slot = BuildHasherDefault::<Mix>::default().hash_one(world) as usize & mask;
        while self.slots[slot] != FREE && self.worlds[self.slots[slot] as usize] != *world {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        self.slots = vec![FREE; self.slots.len() * 4];
        for number in 0..self.worlds.len() {
            let slot = self.slot(&self.worlds[number]);
            self.slots[slot] = u32::try_from(number).unwrap_or(FREE);
        }
    }
}

/// A hash that is quick also where nothing is optimized.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(u64::from(number));
    }

    fn write_u16(&mut self, number: u16) {
        self.write_u64(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number.cast_unsigned() as u64);
    }
}
